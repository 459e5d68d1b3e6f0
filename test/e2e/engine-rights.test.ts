import { createClient, type RedisClientType } from 'redis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EngineServer, startEngineServer } from '../../bench/servers/engine-server.ts';
import { ClusterProcess, type Watcher } from '../harness/cluster-processes.ts';
import { eventually } from '../harness/eventually.ts';
import { describeWith } from '../harness/required-program.ts';

type Command = readonly [string, ...string[]];

interface Fault {
  readonly name: string;
  readonly begin: readonly Command[];
  readonly heal: readonly Command[];
  /** What is logged about it, and what to do. */
  readonly says: RegExp;
}

const secret = 'gateway-secret';
/** Rights that a user needs by docs/cluster.md. */
const rights = [
  ...['on', `>${secret}`, '~rollcall:*', '&rollcall:*', '-@all'],
  ...['+@read', '+@write', '+@pubsub', '+@transaction', '+@connection', '+time'],
];
const user = (...rules: readonly string[]): Command => ['ACL', 'SETUSER', 'gateway', ...rules];
const cut: Command = ['CLIENT', 'KILL', 'USER', 'gateway'];
const set = (name: string, value: string): Command => ['CONFIG', 'SET', name, value];
const noRight = /NOPERM.*docs\/cluster\.md/;
const noLogin = /(WRONGPASS|NOAUTH).*ROLLCALL_CLUSTER/;

const faults: readonly Fault[] = [
  {
    name: 'may publish no more',
    begin: [user('-publish')],
    heal: [user('+publish')],
    says: noRight,
  },
  { name: 'may write no more', begin: [user('-@write')], heal: [user('+@write')], says: noRight },
  {
    name: 'may see its keys no more',
    begin: [user('resetkeys')],
    heal: [user('~rollcall:*')],
    says: noRight,
  },
  {
    name: 'may use its channel no more',
    begin: [user('resetchannels')],
    heal: [user('&rollcall:*')],
    says: noRight,
  },
  { name: 'may ask for the time no more', begin: [user('-time')], heal: [user('+time')], says: noRight },
  { name: 'is deleted', begin: [['ACL', 'DELUSER', 'gateway']], heal: [user(...rights)], says: noLogin },
  { name: 'is switched off', begin: [user('off'), cut], heal: [user('on')], says: noLogin },
  {
    name: 'has another password',
    begin: [user('resetpass', '>rotated'), cut],
    heal: [user(`>${secret}`)],
    says: noLogin,
  },
  {
    name: 'finds a read-only replica',
    begin: [['REPLICAOF', '127.0.0.1', '1']],
    heal: [['REPLICAOF', 'NO', 'ONE']],
    says: /READONLY.*redis\+sentinel/,
  },
  {
    name: 'finds too few replicas',
    begin: [set('min-replicas-to-write', '2')],
    heal: [set('min-replicas-to-write', '0')],
    says: /NOREPLICAS.*min-replicas-to-write/,
  },
  {
    name: 'finds memory full',
    begin: [set('maxmemory', '1')],
    heal: [set('maxmemory', '0')],
    says: /OOM.*maxmemory/,
  },
  {
    name: 'finds no place for connections',
    begin: [set('maxclients', '2'), cut],
    heal: [set('maxclients', '10000')],
    says: /max number of clients.*maxclients/,
  },
];

describeWith(['redis-server'], 'a cluster whose Redis stops to do what it did', () => {
  let server: EngineServer;
  let admin: RedisClientType;
  let gateways: readonly ClusterProcess[];
  let watchers: readonly Watcher[];

  beforeEach(async () => {
    server = await startEngineServer('redis');
    admin = createClient({ url: server.url });
    admin.on('error', () => {});
    await admin.connect();
    await send([user(...rights)]);
    const clusterUrl = `redis://gateway:${secret}@127.0.0.1:${server.port}`;
    gateways = await Promise.all(
      [0, 1].map(() => ClusterProcess.start({ clusterUrl, args: ['--log-level', 'info'] })),
    );
    for (const [index, gateway] of gateways.entries()) await gateway.connect(`client-${index}`);
    await state('up');
    watchers = await Promise.all(gateways.map((gateway) => gateway.watch()));
  });
  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.remove()));
    admin.destroy();
    await server.stop();
  });

  const send = async (commands: readonly Command[]): Promise<void> => {
    for (const command of commands) await admin.sendCommand([...command]);
  };
  /** Waits until all gateways report this state, and list each other where they are up. */
  const state = (wanted: 'up' | 'down'): Promise<void> =>
    eventually(async () => {
      const all = await Promise.all(gateways.map((gateway) => gateway.readiness()));
      return all.every(
        ({ cluster }) => cluster.state === wanted && (wanted === 'down' || cluster.gateways.live === 2),
      );
    });
  const connections = async (): Promise<number> =>
    Number(/total_connections_received:(\d+)/.exec(String(await admin.sendCommand(['INFO', 'stats'])))?.[1]);
  /** What a gateway logged of its engine since `from` characters. */
  const engineLines = async (gateway: ClusterProcess | undefined, from: number): Promise<readonly string[]> =>
    (await gateway?.logged(''))
      ?.slice(from)
      .split('\n')
      .filter((line) => line.includes('the cluster engine')) ?? [];

  it.each(faults)(
    '[PC4] [PC16] $name: said with what to do, one line when it is over, nobody leaves',
    async (fault) => {
      const [gateway] = gateways;
      const from = (await gateway?.logged(''))?.length ?? 0;
      const before = await connections();
      await send(fault.begin);
      await state('down');
      await eventually(async () => (await engineLines(gateway, from)).some((line) => fault.says.test(line)));
      // Several attempts more, which add nothing to the log.
      await eventually(async () => (await connections()) - before >= 6);
      await gateways[1]?.connect('meanwhile');
      await send(fault.heal);
      await state('up');
      const lines = await engineLines(gateway, from);
      // A connection that broke, why no other can be made, and that it is over.
      expect(lines.length).toBeLessThanOrEqual(3);
      expect(lines.filter((line) => line.includes('is reached'))).toHaveLength(1);
      expect(lines.join()).not.toContain(secret);
      await eventually(async () => {
        const lists = await Promise.all(gateways.map((each) => each.rows()));
        return new Set(lists.map((list) => JSON.stringify(list))).size === 1 && lists[0]?.length === 3;
      });
      for (const watcher of watchers)
        expect(watcher.left().filter((key) => key.startsWith('client'))).toEqual([]);
    },
    90_000,
  );
});
