import { expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { mutterMonitor, parseIdleTimeMs } from './mutter-monitor.ts';

const answering =
  (stdout: string): Run =>
  async () => ({ ok: true, value: stdout });

it('reads the milliseconds that busctl prints', async () => {
  const source = await mutterMonitor(answering('{"type":"t","data":[61999]}\n')).open();
  expect('missing' in source || (await source.idleSeconds())).toBe(61);
});

it('calls on the session bus and starts no service for it', async () => {
  const asked: string[][] = [];
  await mutterMonitor(async (program, args) => {
    asked.push([program, ...args]);
    return { ok: true, value: '{"type":"t","data":[0]}' };
  }).open();
  expect(asked[0]?.slice(0, 3)).toEqual(['busctl', '--user', '--auto-start=no']);
});

it('rejects with the error of busctl when there is no GNOME', async () => {
  const error = 'busctl: Call failed: The name org.gnome.Mutter.IdleMonitor was not provided';
  await expect(mutterMonitor(async () => ({ ok: false, error })).open()).rejects.toThrow(error);
});

it.each(['', '{"type":"s","data":["1"]}', '{"type":"t","data":[-1]}', '{"type":"t","data":[]}'])(
  'refuses the answer %j',
  (stdout) => {
    expect(() => parseIdleTimeMs(stdout)).toThrow('GetIdletime answered');
  },
);
