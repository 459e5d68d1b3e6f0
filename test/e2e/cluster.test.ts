import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import {
  type EngineServer,
  type ServerKind,
  serverPrograms,
  startEngineServer,
} from '../../bench/servers/engine-server.ts';
import type { InstanceView } from '../../src/core/index.ts';
import { ClusterProcess, type GatewayStart, type Watcher } from '../harness/cluster-processes.ts';
import { testToken } from '../harness/connect-params.ts';
import { type CutProxy, startCutProxy } from '../harness/cut-proxy.ts';
import { eventually } from '../harness/eventually.ts';
import { describeWith, requirePrograms } from '../harness/required-program.ts';
import { runRollcall } from '../harness/rollcall-process.ts';

const kinds: readonly ServerKind[] = ['redis', 'nats'];
/** The long variant takes five gateways where the short one takes three. */
const most = process.env['ROLLCALL_LONG_TESTS'] === undefined ? 3 : 5;

for (const kind of kinds) {
  describeWith([serverPrograms[kind]], `a cluster of gateways on ${kind}`, () => clusterTests(kind));
}

function clusterTests(kind: ServerKind): void {
  let server: EngineServer;
  let gateways: ClusterProcess[];
  let proxy: CutProxy | undefined;

  beforeEach(async () => {
    gateways = [];
    proxy = undefined;
    server = await startEngineServer(kind);
  });
  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.remove()));
    await proxy?.close();
    await server.stop();
  });

  const test = (title: string, run: (context: TestContext) => Promise<void>): void => it(title, run);

  async function start(options: Partial<GatewayStart> = {}): Promise<ClusterProcess> {
    const gateway = await ClusterProcess.start({ clusterUrl: server.url, ...options });
    gateways.push(gateway);
    return gateway;
  }

  async function startMany(count: number): Promise<ClusterProcess[]> {
    gateways = await Promise.all([...Array(count).keys()].map(() => start()));
    return gateways;
  }

  /** Connects a client with one and the same name at each gateway; returns their keys. */
  async function connectEverywhere(): Promise<readonly string[]> {
    const names = gateways.map((_, index) => `client-${index}`);
    for (const [index, gateway] of gateways.entries()) await gateway.connect(names[index] ?? '');
    return names;
  }

  /** Waits until all gateways list the same bytes, and these keys. */
  async function converged(
    keys: readonly string[],
    among: readonly ClusterProcess[] = gateways,
  ): Promise<void> {
    await eventually(async () => {
      const lists = await Promise.all(among.map((gateway) => gateway.rows()));
      const [first] = lists;
      const isSame = new Set(lists.map((list) => JSON.stringify(list))).size === 1;
      return (
        isSame && JSON.stringify(first?.map(({ key }) => key).sort()) === JSON.stringify([...keys].sort())
      );
    });
  }

  const unreachable = async (gateway: ClusterProcess): Promise<number> =>
    (await gateway.readiness()).cluster.gateways.unreachable;

  const watchAll = (): Promise<Watcher[]> => Promise.all(gateways.map((gateway) => gateway.watch()));

  const expectNobodyLeft = (watchers: readonly Watcher[], keys: readonly string[]): void => {
    for (const watcher of watchers) expect(watcher.left().filter((key) => keys.includes(key))).toEqual([]);
  };

  test('[PC1] [PR1] [PR8] [PK6] lists the same bytes everywhere, with who holds what', async () => {
    const [a, b] = await startMany(5);
    const keys = await connectEverywhere();
    const twice = await a?.connect('both');
    const other = await b?.connect('both');
    await converged([...keys, 'both']);
    const row = (await a?.rows())?.find(({ key }) => key === 'both');
    expect(row?.connections).toBe(2);
    expect(row?.gatewayIds).toHaveLength(2);
    for (const gateway of gateways) {
      const [self, ...others] = await gateway.gateways();
      expect(self?.self).toBe(true);
      expect(others).toHaveLength(4);
      expect(others.some(({ self: mark }) => mark === true)).toBe(false);
    }
    const [watcher] = await watchAll();
    await twice?.close();
    await eventually(async () => (await b?.rows())?.find(({ key }) => key === 'both')?.connections === 1);
    await converged([...keys, 'both']);
    expect(watcher?.left()).toEqual([]);
    await other?.close();
    await eventually(async () => watcher?.left().includes('both') === true);
    await converged([...keys, 'both']);
  });

  test('[PO4] [PO5] a name and a label reach the other gateway, outlive restarts, and a gateway that was away receives them', async () => {
    const [a, b] = await startMany(2);
    await a?.connect('desk');
    await converged(['desk']);
    const command = (gateway: ClusterProcess | undefined, ...args: string[]) =>
      runRollcall([...args, '--url', gateway?.url ?? '', '--token', testToken], gateway?.home.env ?? {});
    const named = async (gateway: ClusterProcess | undefined, name: string): Promise<boolean> => {
      const row = (await gateway?.rows())?.find(({ key }) => key === 'desk');
      return row?.annotations?.name === name && row.annotations.labels?.join() === 'vip';
    };
    expect((await command(a, 'name', 'desk', 'Reception')).stderr).toBe('');
    expect((await command(b, 'label', 'desk', '+vip')).stderr).toBe('');
    for (const gateway of gateways) await eventually(() => named(gateway, 'Reception'));
    await b?.end('SIGKILL');
    expect((await command(a, 'name', 'desk', 'Front desk')).code).toBe(0);
    await b?.start();
    await eventually(() => named(b, 'Front desk'));
    await Promise.all(gateways.map((gateway) => gateway.end('SIGKILL')));
    await a?.start();
    await a?.connect('desk');
    await eventually(() => named(a, 'Front desk'));
    const late = await start();
    await eventually(() => named(late, 'Front desk'));
  });

  test('[PC3] [PR7] kill -9 of a gateway: unreachable, not gone; its clients move; it comes back without duplicates', async () => {
    const [a, b, victim] = await startMany(most);
    const keys = await connectEverywhere();
    await converged(keys);
    const survivors = gateways.filter((gateway) => gateway !== victim);
    const watchers = await Promise.all(survivors.map((gateway) => gateway.watch()));
    await victim?.end('SIGKILL');
    await eventually(async () =>
      (await Promise.all(survivors.map(unreachable))).every((count) => count === 1),
    );
    const lost = (await a?.rows())?.find(({ key }) => key === 'client-2');
    expect(lost?.unreachableSinceMs).toBeGreaterThan(0);
    expect(lost?.connections).toBe(1);
    await b?.connect('client-2');
    await eventually(async () => {
      const moved = (await a?.rows())?.find(({ key }) => key === 'client-2');
      return moved?.unreachableSinceMs === undefined && moved?.connections === 1;
    });
    await victim?.start();
    await eventually(async () =>
      (await Promise.all(gateways.map(unreachable))).every((count) => count === 0),
    );
    await converged(keys);
    expect(await a?.gateways()).toHaveLength(most);
    expectNobodyLeft(watchers, keys);
  });

  test('[PC2] [PC4] [PE3] kill -9 of the engine, back with nothing: each continues alone, reports it, and heals', async () => {
    const [a, b] = await startMany(most);
    const keys = await connectEverywhere();
    await converged(keys);
    const watchers = await watchAll();
    await server.kill();
    await eventually(async () => (await a?.readiness())?.cluster.state === 'down');
    expect((await a?.readiness())?.ready).toBe(true);
    await a?.connect('alone-a');
    await b?.connect('alone-b');
    expect((await a?.rows())?.map(({ key }) => key)).toContain('alone-a');
    await server.start();
    await converged([...keys, 'alone-a', 'alone-b']);
    expect((await a?.readiness())?.cluster.state).toBe('up');
    expectNobodyLeft(watchers, [...keys, 'alone-a', 'alone-b']);
  });

  test('[PC2] [PC3] [PE3] a cut network: nobody leaves on either side, and after mending all list the same', async () => {
    proxy = await startCutProxy(server.port);
    const [a, b] = await startMany(most - 1);
    const island = await start({ clusterUrl: server.urlVia(proxy.port) });
    const keys = await connectEverywhere();
    await converged(keys);
    const watchers = await watchAll();
    proxy.cut();
    await eventually(async () => (await unreachable(island)) === most - 1);
    await eventually(async () => a !== undefined && (await unreachable(a)) === 1);
    const cutOff = (rows: readonly InstanceView[] = []): string[] =>
      rows.filter(({ unreachableSinceMs = 0 }) => unreachableSinceMs > 0).map(({ key }) => key);
    const lastKey = keys.at(-1) ?? '';
    expect(cutOff(await a?.rows())).toEqual([lastKey]);
    expect(cutOff(await island.rows()).sort()).toEqual(keys.filter((key) => key !== lastKey));
    await island.connect('islander');
    await b?.connect('mainlander');
    const gone = await a?.connect('gone');
    await converged(
      [...keys, 'mainlander', 'gone'],
      [a, b].filter((gateway) => gateway !== undefined),
    );
    await gone?.close();
    expect((await island.rows()).map(({ key }) => key)).toContain('islander');
    proxy.mend();
    await converged([...keys, 'islander', 'mainlander', 'gone']);
    await eventually(async () =>
      (await Promise.all(gateways.map(unreachable))).every((count) => count === 0),
    );
    expect(cutOff(await a?.rows())).toEqual([]);
    expectNobodyLeft(watchers, [...keys, 'islander', 'mainlander']);
  });

  test('[PC5] [PT4] [PS2] clocks an hour off: the same times everywhere, and nothing expires', async (context) => {
    requirePrograms(context, 'faketime');
    const early = await start({ skewSeconds: -3_600 });
    const right = await start();
    const late = await start({ skewSeconds: 3_600 });
    const keys = await connectEverywhere();
    await converged(keys);
    const watchers = await watchAll();
    await early.connect('client-1');
    await late.connect('client-0');
    await right.connect('client-2');
    await eventually(async () => (await right.rows()).every(({ connections }) => connections === 2));
    await converged(keys);
    for (const { ts } of await late.rows()) expect(Math.abs(Date.now() - ts)).toBeLessThan(60_000);
    expectNobodyLeft(watchers, keys);
  });

  test('[PC3] [PW8] [PK8] a rolling restart: rows are taken over, none is lost or doubled', async () => {
    await startMany(most);
    const keys = await connectEverywhere();
    await converged(keys);
    for (const [index, gateway] of gateways.entries()) {
      await gateway.end('SIGTERM');
      // Its client comes to the next gateway, as it would behind a load balancer.
      await gateways[(index + 1) % most]?.connect(`client-${index}`);
      await gateway.start();
    }
    await converged(keys);
    await eventually(async () => {
      const lists = await Promise.all(gateways.map((gateway) => gateway.gateways()));
      return lists.every((list) => list.length === most);
    });
    expect(
      (await gateways[0]?.rows())?.every(({ unreachableSinceMs }) => unreachableSinceMs === undefined),
    ).toBe(true);
  });

  test('[PC4] a gateway that finds no engine starts alone, and joins when there is one', async () => {
    await server.kill();
    const gateway = await start();
    expect((await gateway.readiness()).cluster.state).toBe('down');
    await gateway.connect('early');
    await server.start();
    const other = await start();
    await converged(['early']);
    expect((await other.readiness()).cluster.gateways.live).toBe(2);
  });

  test('[PC17] a second gateway with the same state is refused with what to do', async () => {
    // As long as by default: a busy machine may be late with a sign of life.
    const leaseMs = 6_000;
    const first = await start({ leaseMs });
    const args = ['gateway', '--port', String(first.port), '--bind', '127.0.0.2'];
    args.push('--cluster-lease-ms', String(leaseMs));
    const ended = await runRollcall(args, {
      ...first.home.env,
      ROLLCALL_TOKEN: 'another-token-0123456789',
      ROLLCALL_CLUSTER: server.url,
    });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('has the same instance id');
    expect(ended.stderr).toContain('XDG_STATE_HOME');
    expect((await first.readiness()).cluster.state).toBe('up');
  });
}
