import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EngineServer, serverPrograms, startEngineServer } from '../../bench/servers/engine-server.ts';
import type { InstanceView } from '../../src/core/index.ts';
import { ClusterProcess } from '../harness/cluster-processes.ts';
import { eventually } from '../harness/eventually.ts';
import { describeWith } from '../harness/required-program.ts';
import { startUpstreamDouble, type UpstreamDouble } from '../harness/upstream-double.ts';

describeWith([serverPrograms.redis], 'a cluster of gateways with an upstream', () => {
  let server: EngineServer;
  let home: UpstreamDouble;
  let gateways: ClusterProcess[];

  beforeEach(async () => {
    gateways = [];
    server = await startEngineServer('redis');
    home = await startUpstreamDouble();
    home.entries = [listed('a'), listed('b'), listed('both')];
  });
  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.remove()));
    await home.stop('killed');
    await server.stop();
  });

  const listed = (id: string) => ({
    ...{ host: id, instanceId: id, mode: 'ui', reason: 'connect', ts: home.nowMs() - 1_000 },
  });

  async function start(...args: readonly string[]): Promise<ClusterProcess> {
    const gateway = await ClusterProcess.start({ clusterUrl: server.url, args });
    gateways.push(gateway);
    return gateway;
  }

  const reading = (): Promise<ClusterProcess> => start('--upstream', `home=${home.url}`);

  /** Waits until every gateway lists these keys, each once, and the given of them as unreachable. */
  async function converged(keys: readonly string[], unreachable: readonly string[] = []): Promise<void> {
    for (const gateway of gateways) {
      await eventually(async () => {
        const rows = await gateway.rows();
        return same(keysOf(rows), keys) && same(keysOf(rows.filter(isUnreachable)), unreachable);
      });
    }
  }

  it('[PU18] gateways with the same upstream list the same rows, each once, and mark the same as unreachable', async () => {
    const [a, b] = await Promise.all([reading(), reading()]);
    await a.connect('both');
    await b.connect('c');
    await converged(['a', 'b', 'both', 'c']);
    for (const gateway of gateways) {
      const both = await row(gateway, 'both');
      expect(both).toMatchObject({ connections: 2, gateways: expect.arrayContaining(['home']) });
      expect(both?.gateways).toHaveLength(2);
      expect((await gateway.gateways()).filter(({ key }) => key === 'gateway:home')).toHaveLength(1);
    }
    const watchers = await Promise.all(gateways.map((gateway) => gateway.watch()));

    const { port } = home;
    await home.stop('killed');
    await converged(['a', 'b', 'both', 'c'], ['a', 'b']);
    home = await startUpstreamDouble({ port });
    home.entries = [listed('a'), listed('b'), listed('both')];
    await converged(['a', 'b', 'both', 'c']);
    for (const watcher of watchers) expect(watcher.left()).toEqual([]);
  }, 120_000);

  it('[PU18] a gateway publishes nothing of its upstreams: another without them lists its clients alone', async () => {
    const a = await reading();
    const b = await start();
    await a.connect('both');
    await eventually(async () => same(keysOf(await a.rows()), ['a', 'b', 'both']));
    // What `a` publishes now arrives after everything that it would have published before.
    await a.connect('last');
    await eventually(async () => keysOf(await b.rows()).includes('last'));
    expect(keysOf(await b.rows())).toEqual(['both', 'last']);
    expect((await row(b, 'both'))?.connections).toBe(1);
    expect((await row(a, 'both'))?.connections).toBe(2);
    expect((await b.gateways()).map(({ key }) => key)).not.toContain('gateway:home');
  }, 120_000);
});

async function row(gateway: ClusterProcess, key: string): Promise<InstanceView | undefined> {
  return (await gateway.rows()).find((one) => one.key === key);
}

function keysOf(rows: readonly InstanceView[]): readonly string[] {
  return rows.map(({ key }) => key).sort();
}

function isUnreachable({ unreachableSinceMs }: InstanceView): boolean {
  return unreachableSinceMs !== undefined;
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.join() === others.join();
}
