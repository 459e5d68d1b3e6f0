import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { ClusterSetupError, createEngine } from '../../src/sources/cluster/index.ts';
import type { CertificateFiles } from '../harness/authority.ts';
import { ClusterProcess, type Watcher } from '../harness/cluster-processes.ts';
import {
  type EngineGroup,
  startNatsReplicas,
  startRedisCluster,
  startSentinels,
} from '../harness/engine-groups.ts';
import { eventually } from '../harness/eventually.ts';
import { describeWith } from '../harness/required-program.ts';
import { SecureEngines } from '../harness/secure-engines.ts';

const clients = ['client-0', 'client-1'];

describeWith(['redis-server', 'nats-server'], 'an engine of several servers', () => {
  let group: EngineGroup | undefined;
  let gateways: ClusterProcess[] = [];
  let watchers: readonly Watcher[] = [];

  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.remove()));
    gateways = [];
    await group?.stop();
    group = undefined;
  });

  async function start(newGroup: () => Promise<EngineGroup>): Promise<void> {
    group = await newGroup();
    const clusterUrl = group.url;
    gateways = await Promise.all([0, 1].map(() => ClusterProcess.start({ clusterUrl })));
    for (const [index, gateway] of gateways.entries()) await gateway.connect(`client-${index}`);
    await listed(clients);
    watchers = await Promise.all(gateways.map((gateway) => gateway.watch()));
  }

  /** Waits until all gateways are joined and list the same bytes, and these keys. */
  const listed = (keys: readonly string[]): Promise<void> =>
    eventually(async () => {
      const lists = await Promise.all(gateways.map((gateway) => gateway.rows()));
      const found = lists[0]?.map(({ key }) => key).sort();
      const isSame = new Set(lists.map((list) => JSON.stringify(list))).size === 1;
      const states = await Promise.all(gateways.map((gateway) => gateway.readiness()));
      const isWhole = states.every(({ cluster }) => cluster.state === 'up' && cluster.gateways.live === 2);
      return isSame && isWhole && JSON.stringify(found) === JSON.stringify([...keys].sort());
    });

  const survivesItsLeader = async (): Promise<void> => {
    await group?.killLeader();
    await gateways[0]?.connect('meanwhile');
    await listed([...clients, 'meanwhile']);
    for (const watcher of watchers) expect(watcher.left().filter((key) => clients.includes(key))).toEqual([]);
  };

  it('[PC2] [PC4] Sentinels: a replica takes the place of the master, and nobody leaves', async () => {
    await start(startSentinels);
    await survivesItsLeader();
  });

  it('[PC1] a Redis Cluster: whichever node is named, the one that keeps the keys is found', async () => {
    await start(startRedisCluster);
    await gateways[1]?.connect('one-more');
    await listed([...clients, 'one-more']);
  });

  it('[PC2] [PC4] NATS with three replicas: the leader is killed, and nobody leaves', async () => {
    await start(startNatsReplicas);
    await survivesItsLeader();
  });
});

/**
 * As `handshake_first: true` of NATS 2.10 does it: nothing is sent before the handshake, and the INFO that follows states that
 * TLS is required. Used where the installed server is older.
 */
async function startTlsFront(natsPort: number, { certFile, keyFile }: CertificateFiles): Promise<Server> {
  const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (socket) => {
    const nats = connect(natsPort, '127.0.0.1');
    socket.on('error', () => nats.destroy());
    nats.on('error', () => socket.destroy());
    nats.once('data', (greeting) => {
      socket.write(greeting.toString().replace('{', '{"tls_required":true,'));
      socket.pipe(nats).pipe(socket);
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describeWith(['openssl', 'nats-server'], 'a NATS that greets only after the TLS handshake', () => {
  let engines: SecureEngines;
  let front: Server | undefined;
  afterEach(async () => {
    await engines.close();
    front?.close();
  });

  it('is detected, and its certificate is checked as that of any other', async () => {
    engines = new SecureEngines();
    front = await startTlsFront(await engines.startNats(''), engines.served);
    const url = `tls://127.0.0.1:${(front.address() as AddressInfo).port}`;
    await engines.carries({ url, caFile: engines.authority.certFile });
    expect(await engines.refusal({ url, caFile: engines.stranger.certFile })).toContain('--cluster-ca-file');
  });
});

describe('the address of a Redis', () => {
  it.each([
    ['redis+sentinel://:s3cret@10.0.0.5:26379', /the name of their master/],
    ['redis://:s3cret@10.0.0.5:port', /is written redis:/],
    ['redis://:s3cret@10.0.0.5/three', /the number of a database/],
    ['redis://:s3%@10.0.0.5', /written %25/],
  ])('is refused at once, without its secret: %s', async (url, message) => {
    const refusal = await createEngine({ url, name: 'one' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ClusterSetupError);
    expect((refusal as Error).message).toMatch(message);
    expect((refusal as Error).message).not.toContain('s3');
  });
});
