import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { describeWith } from '../harness/required-program.ts';
import { type CommandHome, createCommandHome, runRollcall } from '../harness/rollcall-process.ts';

assertEveryFrame();

const run = promisify(execFile);
const file = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

let home: CommandHome;
let gateway: Gateway;
let url: string;
const children: ChildProcessWithoutNullStreams[] = [];

beforeEach(async () => {
  home = createCommandHome();
  gateway = createGateway({ port: 0, auth: { mode: 'token', token: 'secret' } });
  ({ url } = await gateway.start());
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await gateway.close();
  home.remove();
});

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  ...home.env,
  ROLLCALL_TOKEN: 'secret',
  ROLLCALL_URL: url,
  ...more,
});

function startWorker(name: string, more: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [file('node-service.mjs')], {
    env: env({ WORKER_NAME: name, ...more }),
  });
  children.push(child);
  return child;
}

/** Resolves once a child has printed `text`, from now on. */
function said(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  return new Promise((resolve) => {
    let output = '';
    const read = (piece: Buffer): void => {
      output += piece;
      if (!output.includes(text)) return;
      child.stdout.off('data', read);
      resolve();
    };
    child.stdout.on('data', read);
  });
}

const rows = async (): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse((await runRollcall(['list', '--json'], env())).stdout);

describe('node-service.mjs', () => {
  it('is listed, and shares the work with other workers', async () => {
    const first = startWorker('a');
    await said(first, 'share 1 of 1');
    const both = said(first, 'share 1 of 2');
    const second = startWorker('b');
    await said(second, 'share 2 of 2');
    await both;
    expect((await rows()).map(({ host }) => host)).toEqual(expect.arrayContaining(['a', 'b']));
    const alone = said(first, 'share 1 of 1');
    second.kill('SIGTERM');
    await alone;
    const [code] = await once(second, 'exit');
    expect(code).toBe(0);
  });

  it('prints what to do when it is refused', async () => {
    const child = startWorker('a', { ROLLCALL_TOKEN: 'wrong' });
    const [text] = await once(child.stderr, 'data');
    expect(String(text)).toContain('Pass the token of this gateway');
  });
});

describeWith(['curl'], 'beacon.sh', () => {
  it('reports a device by curl', async () => {
    const http = { ROLLCALL_HTTP_URL: url.replace('ws:', 'http:') };
    const { stdout } = await run(file('beacon.sh'), ['backup done'], { env: env(http) });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect((await rows()).at(-1)).toMatchObject({ mode: 'cron', text: 'backup done', reason: 'periodic' });
    const refused = run(file('beacon.sh'), [], { env: env({ ...http, ROLLCALL_TOKEN: 'wrong' }) });
    await expect(refused).rejects.toMatchObject({ stdout: expect.stringContaining('error') });
  });
});

describe('embedded-roster.mjs', () => {
  it('keeps a roster without any gateway', async () => {
    const { stdout } = await run(process.execPath, [file('embedded-roster.mjs')]);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '  0 s  upsert hall  self: Gateway: hall · mode gateway · reason self',
      '  5 s  upsert door  beacon: Node: door · mode sensor',
      '  9 s  upsert lamp  beacon: Node: lamp · mode sensor',
      '200 s  upsert lamp  beacon: Node: lamp · mode sensor',
      '306 s  remove door  expired',
      'hall is active',
      'lamp is active',
    ]);
  });
});
