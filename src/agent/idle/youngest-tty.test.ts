import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxTerminals, youngestTty } from './youngest-tty.ts';

const nowMs = 1_795_251_783_000;
const uid = process.getuid?.() ?? 0;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-tty-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function terminal(name: string, secondsAgo: number): Promise<void> {
  await writeFile(join(folder, name), '');
  await utimes(join(folder, name), (nowMs - secondsAgo * 1000) / 1000, nowMs / 1000);
}
const open = (owner = uid) =>
  youngestTty({ uid: owner, wallMs: () => nowMs, folders: [{ path: folder, names: /^\d+$/ }] }).open();

describe('youngestTty', () => {
  it('takes the terminal that was read last, not the one written last', async () => {
    await terminal('0', 900);
    await terminal('3', 125);
    const source = await open();
    expect('missing' in source || (await source.idleSeconds())).toBe(125);
  });

  it('reads terminals only', async () => {
    await terminal('0', 900);
    await terminal('ptmx', 1);
    const source = await open();
    expect('missing' in source || (await source.idleSeconds())).toBe(900);
  });

  it('does not count the terminals of others', async () => {
    await terminal('0', 900);
    expect(await open(uid + 1)).toEqual({ missing: 'this user has no terminal open' });
  });

  it('is missing where there are no such folders', async () => {
    const folders = [{ path: join(folder, 'nowhere'), names: /./ }];
    expect(await youngestTty({ uid, wallMs: () => nowMs, folders }).open()).toHaveProperty('missing');
  });

  it('is lost when the last terminal closes', async () => {
    await terminal('0', 5);
    const source = await open();
    await rm(join(folder, '0'));
    await expect('missing' in source || source.idleSeconds()).rejects.toThrow('no terminal open');
  });
});

it('does not count unused consoles for root', () => {
  expect(linuxTerminals(0).map(({ path }) => path)).toEqual(['/dev/pts']);
  expect(linuxTerminals(1000).map(({ path }) => path)).toEqual(['/dev/pts', '/dev']);
});
