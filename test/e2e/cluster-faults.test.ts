import { connect } from '@nats-io/transport-node';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type EngineServer,
  type ServerKind,
  serverPrograms,
  startEngineServer,
} from '../../bench/servers/engine-server.ts';
import { ClusterProcess, type Watcher } from '../harness/cluster-processes.ts';
import { testToken } from '../harness/connect-params.ts';
import { eventually } from '../harness/eventually.ts';
import { describeWith } from '../harness/required-program.ts';

/** How long the engine is suspended. */
const frozenMs = process.env['ROLLCALL_LONG_TESTS'] === undefined ? 4_000 : 30_000;
const clients = ['client-0', 'client-1', 'beacon-2'];

for (const kind of ['redis', 'nats'] as const) {
  describeWith([serverPrograms[kind]], `a cluster on ${kind} that misbehaves`, () => faultTests(kind));
}

function faultTests(kind: ServerKind): void {
  let server: EngineServer;
  let gateways: ClusterProcess[];
  let watchers: readonly Watcher[];

  beforeEach(async () => {
    server = await startEngineServer(kind);
    gateways = await Promise.all([start(), start()]);
    const [a, b] = gateways;
    await a?.connect('client-0');
    await b?.connect('client-1');
    await report(b?.port, { text: 'a beacon', instanceId: 'beacon-2' });
    await listed(clients);
    watchers = await Promise.all(gateways.map((gateway) => gateway.watch()));
  });
  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.remove()));
    await server.stop();
  });

  const start = (): Promise<ClusterProcess> => ClusterProcess.start({ clusterUrl: server.url });

  /** Waits until all gateways list the same bytes, and these keys. */
  const listed = (keys: readonly string[]): Promise<void> =>
    eventually(async () => {
      const lists = await Promise.all(gateways.map((gateway) => gateway.rows()));
      const found = lists[0]?.map(({ key }) => key).sort();
      const isSame = new Set(lists.map((list) => JSON.stringify(list))).size === 1;
      return isSame && JSON.stringify(found) === JSON.stringify([...keys].sort());
    });
  const expectNobodyLeft = (): void => {
    for (const watcher of watchers) expect(watcher.left().filter((key) => clients.includes(key))).toEqual([]);
  };
  const test = (title: string, run: () => Promise<void>): void => it(title, run);

  for (const isCut of [false, true]) {
    test(`[PC2] [PC11] [PC12] loses everything, connections ${isCut ? 'cut' : 'left'}: repaired, and later members receive all`, async () => {
      await forgetAll(kind, server.url, isCut);
      gateways = [...gateways, await start()];
      await listed(clients);
      expectNobodyLeft();
    });
  }

  test('[PC2] [PC4] is suspended: nobody leaves, and all list the same when it is resumed', async () => {
    server.freeze(true);
    await gateways[0]?.connect('meanwhile');
    await new Promise((resolve) => setTimeout(resolve, frozenMs));
    server.freeze(false);
    await listed([...clients, 'meanwhile']);
    expectNobodyLeft();
    await eventually(async () =>
      (await Promise.all(gateways.map((gateway) => gateway.readiness()))).every(
        ({ cluster }) => cluster.state === 'up' && cluster.gateways.live === 2,
      ),
    );
  });

  if (kind !== 'redis') return;
  test('[PC2] [PC11] [PC12] evicts keys of a cluster: repaired, and later members receive all', async () => {
    const junk = 'x'.repeat(100_000);
    await onRedis(server.url, ['CONFIG', 'SET', 'maxmemory-policy', 'volatile-random']);
    await onRedis(server.url, ['CONFIG', 'SET', 'maxmemory', '6mb']);
    // Only what expires may go, which is what gateways write.
    const full = Array.from({ length: 80 }, (_, index) => ['SET', `junk:${index}`, junk]);
    await onRedis(server.url, ...full).catch(() => {});
    expect(await onRedis(server.url, ['INFO', 'stats'])).toMatch(/evicted_keys:[1-9]/);
    await onRedis(server.url, ['CONFIG', 'SET', 'maxmemory', '0']);
    gateways = [...gateways, await start()];
    await listed(clients);
    expectNobodyLeft();
  });

  test('[PC2] [PC16] is full: down while it cannot be written, nobody leaves, and it heals', async () => {
    await onRedis(server.url, ['CONFIG', 'SET', 'maxmemory', '1mb']);
    await gateways[0]?.connect('meanwhile');
    await eventually(async () => (await gateways[0]?.readiness())?.cluster.state === 'down');
    await onRedis(server.url, ['CONFIG', 'SET', 'maxmemory', '0']);
    await listed([...clients, 'meanwhile']);
    expectNobodyLeft();
    await eventually(async () => (await gateways[0]?.readiness())?.cluster.state === 'up');
  });
}

async function report(port: number | undefined, beacon: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/beacons`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testToken}` },
    body: JSON.stringify(beacon),
  });
  expect(response.status).toBeLessThan(300);
}

async function forgetAll(kind: ServerKind, url: string, isCut: boolean): Promise<void> {
  if (kind === 'redis') {
    await onRedis(url, ['FLUSHALL'], ...(isCut ? [['CLIENT', 'KILL', 'TYPE', 'pubsub']] : []));
    return;
  }
  const { username: user, password: pass, host } = new URL(url);
  const nats = await connect({ servers: host, user, pass });
  await nats.request('$JS.API.STREAM.PURGE.KV_rollcall_rollcall', '');
  // A stream that is deleted ends every watch.
  if (isCut) await nats.request('$JS.API.STREAM.DELETE.KV_rollcall_rollcall', '');
  await nats.close();
}

/** Asks one after the other; returns the last answer. */
async function onRedis(url: string, ...commands: readonly (readonly string[])[]): Promise<string> {
  const client = createClient({ url, RESP: 2 });
  client.on('error', () => {});
  await client.connect();
  let answer = '';
  try {
    for (const command of commands) answer = String(await client.sendCommand([...command]));
  } finally {
    client.destroy();
  }
  return answer;
}
