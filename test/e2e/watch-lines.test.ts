import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { startFullListPeer } from '../harness/full-list-peer.ts';
import {
  createCommandHome,
  type RollcallProcess,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';

assertEveryFrame();

const home = createCommandHome();
let gateway: Gateway;
let env: Record<string, string>;
let watch: RollcallProcess | undefined;

beforeEach(async () => {
  gateway = createGateway({ port: 0, auth: { mode: 'token', token: 'secret' } });
  const { url } = await gateway.start();
  env = { ...home.env, ROLLCALL_TOKEN: 'secret', ROLLCALL_URL: url };
});

afterEach(async () => {
  watch?.kill('SIGKILL');
  await watch?.ended;
  await gateway.close();
});

const beacon = (...more: string[]): Promise<unknown> =>
  runRollcall(['beacon', '--instance-id', 'cam', '--host', 'camera', '--mode', 'node', ...more], env);

describe('rollcall watch without a terminal', () => {
  it('prints the rows that are there, then a line for each change', async () => {
    watch = startRollcall(['watch'], env);
    await watch.printed('(gateway)');
    await beacon();
    await watch.printed('join    camera (node)  ◉ reporting');
    await beacon('--ip', '192.0.2.9');
    await watch.printed('update  camera (node)  ip none → 192.0.2.9');
    watch.kill('SIGINT');
    const { code, stderr, stdout } = await watch.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('prints with --json one object per change', async () => {
    watch = startRollcall(['watch', '--json'], env);
    await watch.printed('"join"');
    await beacon('--last-input-seconds', '7');
    const lines = (await watch.printed('"cam"')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        kind: 'join',
        status: 'active',
        instance: expect.objectContaining({ self: true }),
      }),
      {
        kind: 'join',
        key: 'cam',
        at: expect.any(Number),
        status: 'active',
        instance: expect.objectContaining({ host: 'camera', lastInputSeconds: 7 }),
      },
    ]);
  });

  it('[PR4] is not listed itself', async () => {
    watch = startRollcall(['watch', '--json'], env);
    await watch.printed('"join"');
    const { stdout } = await runRollcall(['list', '--json'], env);
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it('works with a gateway that sends only full lists', async () => {
    const peer = await startFullListPeer();
    watch = startRollcall(['watch'], { ...env, ROLLCALL_URL: peer.url });
    await watch.printed('join    peer (gateway)  ● online');
    await runRollcall(['beacon', '--host', 'camera', '--mode', 'node'], { ...env, ROLLCALL_URL: peer.url });
    await watch.printed('join    camera (node)  ◉ reporting');
    await peer.close();
  });

  it('a refusal ends it with exit code 1 and what to do', async () => {
    const { code, stdout, stderr } = await runRollcall(['watch'], { ...env, ROLLCALL_TOKEN: 'wrong' });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^rollcall: wrong token for \S+ .*ROLLCALL_TOKEN/);
  });

  it('prints on standard error, once, that it has lost the gateway, and that it is back', async () => {
    watch = startRollcall(['watch'], env);
    await watch.printed('(gateway)');
    await gateway.close();
    await watch.logged('reconnecting: the gateway stopped');
    gateway = createGateway({
      port: Number(new URL(env['ROLLCALL_URL'] ?? '').port),
      auth: { mode: 'token', token: 'secret' },
    });
    await gateway.start();
    await watch.logged('connected again');
    watch.kill('SIGTERM');
    const { code, stderr } = await watch.ended;
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
