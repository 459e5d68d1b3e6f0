import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStore } from './file-store.ts';

describe('fileStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'rollcall-store-')), 'state');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  it('keeps values over restarts, readable by the owner only', async () => {
    await fileStore({ folder }).set('instanceId', 'a');
    expect(await fileStore({ folder }).get('instanceId')).toBe('a');
    expect((await stat(join(folder, 'client.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is empty before the first write, and keeps names apart', async () => {
    expect(await fileStore({ folder }).get('instanceId')).toBeUndefined();
    await fileStore({ folder, name: 'one' }).set('instanceId', 'a');
    expect(await fileStore({ folder, name: 'two' }).get('instanceId')).toBeUndefined();
  });

  it('loses none of several writes at once', async () => {
    const store = fileStore({ folder });
    await Promise.all(['a', 'b', 'c'].map((key) => store.set(key, key)));
    expect(JSON.parse(await readFile(join(folder, 'client.json'), 'utf8'))).toEqual({
      a: 'a',
      b: 'b',
      c: 'c',
    });
  });

  it('never overwrites a damaged file, and the error states what to do', async () => {
    const store = fileStore({ folder });
    await store.set('a', 'a');
    await writeFile(join(folder, 'client.json'), '{"a"');
    await expect(store.get('a')).rejects.toThrow('remove it to make a new identity');
    await expect(store.set('b', 'b')).rejects.toThrow('damaged');
  });
});
