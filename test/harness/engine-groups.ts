import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createClient, type RedisClientType } from 'redis';
import { bareRedis, type EngineServer, startEngineServer } from '../../bench/servers/engine-server.ts';
import { freePort } from '../../bench/servers/local-port.ts';
import { eventually } from './eventually.ts';

/** Servers that form one engine. */
export interface EngineGroup {
  /** The option `cluster` of a gateway. */
  readonly url: string;
  /** Ends the server that does the work. */
  killLeader(): Promise<void>;
  stop(): Promise<void>;
}

const password = 's3cret';

/** A Redis, a replica of it, and three Sentinels that promote the replica when it ends. */
export async function startSentinels(): Promise<EngineGroup> {
  const servers: EngineServer[] = [];
  const newRedis = async (...more: readonly string[]): Promise<EngineServer> => {
    const server = await startEngineServer('redis', (port, folder) => [
      ...[...bareRedis, '--port', `${port}`, '--dir', folder],
      ...['--requirepass', password, '--masterauth', password, ...more],
    ]);
    servers.push(server);
    return server;
  };
  const master = await newRedis();
  const replica = await newRedis('--replicaof', `127.0.0.1 ${master.port}`);
  await eventually(async () => (await redisInfo(replica.port)).includes('master_link_status:up'));
  const sentinels = await Promise.all([0, 1, 2].map(() => startSentinel(master.port)));
  servers.push(...sentinels);
  // A Sentinel that has not found the replica and the others cannot promote it.
  for (const { port } of sentinels) {
    const isReady = async () => /slaves=1,sentinels=3/.test(await redisInfo(port, ''));
    await eventually(isReady);
  }
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis+sentinel://:${password}@${hosts}/mymaster`,
    killLeader: () => master.kill(),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

function startSentinel(masterPort: number): Promise<EngineServer> {
  return startEngineServer('redis', (port, folder) => {
    const file = join(folder, 'sentinel.conf');
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor mymaster 127.0.0.1 ${masterPort} 2`,
      `sentinel auth-pass mymaster ${password}`,
      'sentinel down-after-milliseconds mymaster 1000',
      'sentinel failover-timeout mymaster 3000',
    ];
    writeFileSync(file, lines.join('\n'));
    return [file, '--sentinel'];
  });
}

/** Three masters of a Redis Cluster, each with a third of the slots. The address names two of them. */
export async function startRedisCluster(): Promise<EngineGroup> {
  const nodes = await Promise.all(
    [0, 1, 2].map(async () => {
      const busPort = await freePort();
      return startEngineServer('redis', (port, folder) => [
        ...[...bareRedis, '--port', `${port}`, '--dir', folder, '--requirepass', password],
        ...['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-node-timeout', '2000'],
      ]);
    }),
  );
  const [first, ...others] = nodes;
  for (const [index, node] of nodes.entries()) {
    const start = Math.floor((index * 16_384) / 3);
    const end = Math.floor(((index + 1) * 16_384) / 3) - 1;
    await onRedis(node.port, (client) =>
      client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', `${start}`, `${end}`]),
    );
  }
  for (const node of others) {
    const text = await onRedis(node.port, (client) => client.sendCommand(['CLUSTER', 'NODES']));
    const busPort = /@(\d+)/.exec(String(text))?.[1] ?? '';
    await onRedis(first?.port ?? 0, (client) =>
      client.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', `${node.port}`, busPort]),
    );
  }
  for (const { port } of nodes) {
    await eventually(async () => {
      const text = await onRedis(port, (client) => client.sendCommand(['CLUSTER', 'INFO']));
      return /cluster_state:ok/.test(String(text)) && /cluster_known_nodes:3/.test(String(text));
    });
  }
  const hosts = nodes.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`);
  return {
    url: `redis://:${password}@${hosts.join(',')}`,
    killLeader: async () => {
      throw new TypeError('a master without a replica has nobody to take its place');
    },
    stop: async () => void (await Promise.all(nodes.map((server) => server.stop()))),
  };
}

/** Three NATS servers, and a bucket of three replicas as `docs/cluster.md` has operators make it. */
export async function startNatsReplicas(): Promise<EngineGroup> {
  const routes = await Promise.all([0, 1, 2].map(() => freePort()));
  const nodes = await Promise.all(
    routes.map((route) =>
      startEngineServer('nats', (port, folder) => {
        const file = join(folder, 'nats.conf');
        const others = routes
          .filter((other) => other !== route)
          .map((other) => `"nats://127.0.0.1:${other}"`);
        const lines = [
          `listen: "127.0.0.1:${port}"`,
          `server_name: "node-${port}"`,
          `jetstream { store_dir: "${folder}" }`,
          `authorization { user: rollcall, password: ${password} }`,
          `cluster { name: three, listen: "127.0.0.1:${route}", routes: [${others.join(', ')}] }`,
        ];
        writeFileSync(file, lines.join('\n'));
        return ['-c', file];
      }),
    ),
  );
  const newBucket = {
    ...{ name: 'KV_rollcall_rollcall', subjects: ['$KV.rollcall_rollcall.>'], num_replicas: 3 },
    ...{
      max_msgs_per_subject: 1,
      storage: 'memory',
      max_age: 6 * 60e9,
      discard: 'new',
      duplicate_window: 60e9,
    },
    ...{ allow_rollup_hdrs: true, deny_delete: true, allow_direct: true, retention: 'limits' },
  };
  await eventually(async () => {
    const [node] = nodes;
    const answer = await onNats(node, (nats) =>
      nats.request('$JS.API.STREAM.CREATE.KV_rollcall_rollcall', JSON.stringify(newBucket)),
    );
    return answer.json<{ readonly error?: object }>().error === undefined;
  });
  return {
    url: nodes.map(({ port }) => `nats://rollcall:${password}@127.0.0.1:${port}`).join(','),
    killLeader: async () => {
      const answer = await onNats(nodes[0], (nats) =>
        nats.request('$JS.API.STREAM.INFO.KV_rollcall_rollcall'),
      );
      const { cluster } = answer.json<{ readonly cluster: { readonly leader: string } }>();
      await nodes.find(({ port }) => cluster.leader === `node-${port}`)?.kill();
    },
    stop: async () => void (await Promise.all(nodes.map((server) => server.stop()))),
  };
}

async function onNats<T>(
  server: EngineServer | undefined,
  ask: (nats: NatsConnection) => Promise<T>,
): Promise<T> {
  const nats = await connect({ servers: `127.0.0.1:${server?.port}`, user: 'rollcall', pass: password });
  try {
    return await ask(nats);
  } finally {
    await nats.close();
  }
}

async function redisInfo(port: number, secret = password): Promise<string> {
  return String(await onRedis(port, (client) => client.sendCommand(['INFO']), secret));
}

async function onRedis<T>(
  port: number,
  ask: (client: RedisClientType) => Promise<T>,
  secret = password,
): Promise<T> {
  const client = createClient({
    ...{ url: `redis://127.0.0.1:${port}`, RESP: 2 },
    ...(secret !== '' && { password: secret }),
  }) as unknown as RedisClientType;
  client.on('error', () => {});
  await client.connect();
  try {
    return await ask(client);
  } finally {
    client.destroy();
  }
}
