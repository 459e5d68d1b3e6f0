import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import type { InstanceView } from '../../src/core/index.ts';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import type { GatewayStatus } from '../../src/sources/upstreams/index.ts';
import { newDevice } from '../harness/device.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { ReferenceClient } from '../harness/reference-client.ts';
import { requirePrograms, skipNote } from '../harness/required-program.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  startRollcall,
} from '../harness/rollcall-process.ts';
import { startXServer, type XServer } from '../harness/x-server.ts';
import {
  createOpenClawHome,
  installOpenClaw,
  type OpenClawHome,
  type OpenClawProcess,
  tokenFileOf,
} from './openclaw.ts';

assertEveryFrame();

const secret = 'secret-of-the-test';
let missing: string | undefined;
let home: OpenClawHome;
let office: OpenClawHome;
let rollcall: Gateway;
let port: number;
const processes: OpenClawProcess[] = [];
const agents: RollcallProcess[] = [];
const endings: (() => unknown)[] = [];

beforeAll(async () => {
  missing = installOpenClaw();
  if (missing !== undefined) return;
  home = await createOpenClawHome('home');
  office = await createOpenClawHome('office');
  await Promise.all([startGateway(home), startGateway(office)]);
  rollcall = createGateway({
    port: 0,
    auth: { mode: 'token', token: secret },
    upstreams: [
      { name: 'home', url: home.url, tokenFile: tokenFileOf(home) },
      { name: 'office', url: office.url, openclaw: `${office.folder}/.openclaw/openclaw.json` },
    ],
  });
  ({ port } = await rollcall.start());
});

afterAll(async () => {
  for (const agent of agents) agent.kill('SIGKILL');
  for (const end of endings.reverse()) await end();
  await rollcall?.close();
  for (const one of processes) await one.kill();
  home?.remove();
  office?.remove();
});

beforeEach((context: TestContext) => {
  if (missing !== undefined) context.skip(skipNote(missing));
  requirePrograms(context, 'Xvfb');
});

async function startGateway(of: OpenClawHome): Promise<OpenClawProcess> {
  const gateway = of.start('gateway', 'run', '--port', String(of.port));
  processes.push(gateway);
  await gateway.says('[gateway] ready');
  return gateway;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { Authorization: `Bearer ${secret}` },
  });
  return (await response.json()) as T;
}

const list = async (): Promise<readonly InstanceView[]> =>
  (await get<{ instances: InstanceView[] }>('/api/v1/presence')).instances;
const gateways = async (): Promise<readonly GatewayStatus[]> =>
  (await get<{ gateways: GatewayStatus[] }>('/api/v1/gateways')).gateways;
const rowOf = async (host: string): Promise<InstanceView | undefined> =>
  (await list()).find((row) => row.host === host);

async function until(holds: () => Promise<unknown>, timeoutMs: number): Promise<number> {
  const startedMs = performance.now();
  await vi.waitFor(async () => expect(await holds()).toBeTruthy(), { timeout: timeoutMs, interval: 100 });
  return performance.now() - startedMs;
}

async function nodesOf(of: OpenClawHome): Promise<readonly Record<string, unknown>[]> {
  const answer = JSON.parse(await of.run('gateway', 'call', 'node.list', '--json'));
  return answer.nodes ?? answer.payload.nodes;
}

describe('two real OpenClaw gateways and one Rollcall', () => {
  let server: XServer;
  let commands: CommandHome;

  it('[PU4] [PU6] [PU11] [PU13] shows everybody in one list with host, mode and gateways', async () => {
    server = await startXServer();
    endings.push(() => server.close());
    await server.pressKey();
    commands = createCommandHome();
    endings.push(() => commands.remove());
    const node = await createOpenClawHome('node', { OPENCLAW_GATEWAY_TOKEN: home.token });
    endings.push(() => node.remove());
    const where = ['--host', '127.0.0.1', '--port', String(home.port)];
    processes.push(node.start('node', 'run', ...where, '--display-name', 'NodeA'));
    const reader = new ReferenceClient(office.url, {
      token: office.token,
      clientName: 'gateway-client',
      clientDisplayName: 'Reference',
      instanceId: 'reference-1',
      device: newDevice(),
    } as ConstructorParameters<typeof ReferenceClient>[1]);
    endings.push(() => reader.stop());
    await reader.start();
    const target = (of: OpenClawHome): string => `--url=${of.url},tokenFile=${tokenFileOf(of)}`;
    const flags = ['agent', '--name', 'Desk', '--interval-ms', '1000', target(home), target(office)];
    agents.push(startRollcall(flags, { ...commands.env, DISPLAY: server.display }));
    await until(async () => (await rowOf('Desk'))?.gateways?.length === 2, 30_000);
    await until(async () => rowOf('NodeA'), 60_000);
    expect(await rowOf('NodeA')).toMatchObject({
      mode: 'node',
      roles: ['node'],
      gateways: ['home'],
      connections: 1,
    });
    expect(await rowOf('Reference')).toMatchObject({ mode: 'ui', gateways: ['office'], connections: 1 });
    expect(await rowOf('Desk')).toMatchObject({ mode: 'node', gateways: ['home', 'office'], connections: 2 });
    const others = (await list()).filter(({ self }) => self !== true);
    expect(others.map(({ key }) => key).filter((key) => key.startsWith('gateway:'))).toHaveLength(2);
    // Nobody but those three: we are not listed there ourselves.
    expect(others).toHaveLength(5);
    expect(await gateways()).toMatchObject([
      { kind: 'self' },
      { name: 'home', state: 'up', version: '2026.9.6' },
      { name: 'office', state: 'up', version: '2026.9.6' },
    ]);
  });

  it('[PU5] [PU15] the agent becomes the active computer, and its last input agrees with ours', async () => {
    const pending = JSON.parse(await home.run('nodes', 'pending', '--json'));
    const requests: { requestId: string; displayName: string }[] = pending.pending ?? pending;
    const request = requests.find(({ displayName }) => displayName === 'Desk');
    expect(request).toBeDefined();
    await home.run('nodes', 'approve', request?.requestId ?? '');
    await server.pressKey();
    const desk = async () => (await nodesOf(home)).find(({ displayName }) => displayName === 'Desk');
    await until(async () => (await desk())?.['active'] === true, 60_000);
    // A node that was approved after the list was read is known from the next list, 30 s later at most.
    await until(async () => (await rowOf('Desk'))?.lastInputSeconds !== undefined, 45_000);
    const theirs = Number((await desk())?.['lastActiveAtMs']);
    const row = await rowOf('Desk');
    const ours = (row?.ts ?? 0) - 1000 * (row?.lastInputSeconds ?? 0);
    expect(Math.abs(ours - theirs)).toBeLessThan(2_000);
    // Stats go out once a minute.
    await until(async () => (await rowOf('Desk'))?.hostStats?.cpuCount, 75_000);
  });

  it('[PU7] a gateway that is killed is unreachable within 10 s, nobody is gone, and it returns without duplicates', async () => {
    const before = (await list()).map(({ key }) => key).sort();
    const [killed] = processes;
    await killed?.kill();
    const lostMs = await until(async () => (await gateways())[1]?.state === 'unreachable', 10_000);
    expect(lostMs).toBeLessThan(10_000);
    expect((await list()).map(({ key }) => key).sort()).toEqual(before);
    expect(await rowOf('NodeA')).toMatchObject({
      gateways: ['home'],
      unreachableSinceMs: expect.any(Number),
    });
    expect(await rowOf('Desk')).not.toHaveProperty('unreachableSinceMs');
    await startGateway(home);
    await until(async () => (await gateways())[1]?.state === 'up', 15_000);
    const isWhole = async (): Promise<boolean> => {
      const rows = await list();
      const keys = rows.map(({ key }) => key).sort();
      return (
        rows.every(({ unreachableSinceMs }) => unreachableSinceMs === undefined) &&
        keys.join() === before.join()
      );
    };
    await until(isWhole, 15_000);
  });
});
