import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { startFakeGateway } from '../harness/fake-gateway.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { askHttp } from '../harness/http-client.ts';
import {
  type CommandHome,
  createCommandHome,
  type Ended,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';

assertEveryFrame();

const token = 'secret-of-the-test';
let home: CommandHome;
let gateway: Gateway;
let url: string;

beforeEach(async () => {
  home = createCommandHome();
  gateway = createGateway({ port: 0, auth: { mode: 'token', token } });
  ({ url } = await gateway.start());
});
afterEach(async () => {
  await gateway.close();
  home.remove();
});

const environment = () => ({ ...home.env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token });
const rollcall = (...args: readonly string[]): Promise<Ended> => runRollcall([...args], environment());

async function beacon(instanceId: string): Promise<void> {
  const body = { text: 'x', instanceId, host: `host-${instanceId}` };
  expect((await askHttp({ url }, '/api/v1/beacons', { token, body })).status).toBe(200);
}

const remove = (key: string) => askHttp({ url }, `/api/v1/presence/${key}`, { token, method: 'DELETE' });
const squeezed = (text: string): readonly string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' | ').replace(/\d\d:\d\d:\d\d/g, 'TIME'));

describe('the past by command', () => {
  it('[PJ12] rollcall log: a table, JSON lines, one instance, and what the flags select', async () => {
    await beacon('a');
    await remove('a');
    const { code, stdout } = await rollcall('log', '--limit', '2');
    expect([code, squeezed(stdout)]).toEqual([
      0,
      [
        'WHEN | WHAT | WHO | WHY',
        'TIME | joined | host-a | Connected: first beacon, no connection',
        expect.stringMatching(/^TIME \| removed \| host-a \| Removed by an operator: /),
      ],
    ]);
    const lines = (await rollcall('log', 'a', '--since', '1h', '--json')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'joined', key: 'a' },
      { kind: 'removed' },
    ]);
    const wrong = await rollcall('log', '--since', 'noon');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('--since: must be a duration back'),
    ]);
  });

  it('[PJ12] rollcall log --follow prints what happens until it is stopped', async () => {
    const follower = startRollcall(['log', '--follow', '--json'], environment());
    await follower.printed('gateway-started');
    await beacon('later');
    await follower.printed('"joined","key":"later"');
    follower.kill('SIGTERM');
    const { code, stdout } = await follower.ended;
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes('"later"')),
    ).toHaveLength(1);
  });

  it('[PJ12] [PJ8] rollcall list --at and --departed', async () => {
    await beacon('a');
    const at = Date.now();
    await remove('a');
    const past = await rollcall('list', '--at', String(at), 'host-a');
    expect(squeezed(past.stdout)).toEqual([
      'NAME | STATE | SINCE | WHY',
      'host-a | reporting | TIME | Connected: first beacon, no connection',
    ]);
    const departed = await rollcall('list', '--departed', '1h');
    expect(squeezed(departed.stdout)).toEqual([
      'NAME | LEFT | LAST SEEN | WHY',
      expect.stringMatching(/^host-a \| TIME \| TIME \| Removed by an operator: /),
    ]);
    const before = await rollcall('list', '--at', '1d');
    expect([before.code, before.stderr]).toEqual([1, expect.stringContaining('the journal begins at')]);
  });

  it('[PJ12] a gateway without a journal is distinguished from one that refuses', async () => {
    const other = await startFakeGateway();
    const env = { ...environment(), ROLLCALL_URL: other.url, ROLLCALL_TOKEN: 'right-token' };
    const { code, stderr } = await runRollcall(['log'], env);
    expect([code, stderr]).toEqual([1, expect.stringContaining('keeps no journal')]);
    await other.close();
  });
});
