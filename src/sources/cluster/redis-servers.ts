import type { RedisClientType } from 'redis';
import { ClusterSetupError } from './client-import.ts';

/** Addresses and credentials of a Redis. */
export interface RedisServers {
  readonly isTls: boolean;
  /** `HOST:PORT` of servers to begin with; an IPv6 address is in brackets. */
  readonly seeds: readonly string[];
  /** Set when the seeds are Sentinels: the name of the master that they watch. */
  readonly masterName?: string;
  readonly username?: string;
  readonly password?: string;
  /** 0 to 15, as a rule. */
  readonly database: number;
}

/** Makes a client of one server, `HOST:PORT`, that is not connected yet. */
export type NewRedisClient = (server: string, options: { readonly withSecret: boolean }) => RedisClientType;

const forms =
  'a Redis is written redis://USER:PASSWORD@HOST:6379/DATABASE or rediss://… (several hosts, comma separated, are those of one cluster), or redis+sentinel://USER:PASSWORD@SENTINEL:26379,SENTINEL:26379/MASTER';
const parts = /^(rediss?)(\+sentinel)?:\/\/(?:([^@]*)@)?([^/?#@]+)(?:\/([^?#]*))?$/;

/**
 * Reads the URL of a Redis server, of servers of one Redis Cluster, or of Sentinels. Throws {@link ClusterSetupError} with the
 * forms that there are; nothing of the URL is in its message but the path.
 */
export function redisServers(url: string): RedisServers {
  const [, scheme, sentinel, secret = '', hosts = '', path = ''] = parts.exec(url) ?? [];
  if (scheme === undefined) throw new ClusterSetupError(forms);
  const seeds = hosts
    .split(',')
    .map((host) => seedOf(host.trim(), sentinel === undefined ? '6379' : '26379'));
  const [masterName, database] = sentinel === undefined ? [undefined, path] : masterAndDatabase(path);
  return {
    isTls: scheme === 'rediss',
    seeds,
    ...(masterName !== undefined && { masterName }),
    ...credentialsOf(secret),
    database: databaseOf(database),
  };
}

/**
 * Connects to the server that stores a key, and returns which one that is: the first of the seeds that answers, the master that a Sentinel
 * names, or the node of a Redis Cluster that the key belongs to. The caller closes the client.
 *
 * Rejects with the reason of the first seed when none can be used.
 */
export async function connectRedis(
  { seeds, masterName }: RedisServers,
  key: string,
  newClient: NewRedisClient,
): Promise<{ readonly client: RedisClientType; readonly server: string }> {
  const first =
    masterName === undefined
      ? await fastest(
          seeds,
          (server) => connected(server, newClient),
          ({ client }) => client.destroy(),
        )
      : await connected(await fastest(seeds, (seed) => masterAt(seed, masterName, newClient)), newClient);
  const owner = await ownerOf(first.client, first.server, key);
  if (owner === undefined) return first;
  first.client.destroy();
  return connected(owner, newClient);
}

async function connected(server: string, newClient: NewRedisClient) {
  const client = newClient(server, { withSecret: true });
  await opened(client);
  return { client, server };
}

async function opened(client: RedisClientType): Promise<void> {
  // An error without a listener would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw error;
  }
}

/** The address of a master, by a Sentinel. A Sentinel has a password of its own, or none, or that of the master. */
async function masterAt(sentinel: string, name: string, newClient: NewRedisClient): Promise<string> {
  const ask = async (withSecret: boolean): Promise<string> => {
    const client = newClient(sentinel, { withSecret });
    await opened(client);
    try {
      const reply: unknown = await client.sendCommand(['SENTINEL', 'get-master-addr-by-name', name]);
      if (!Array.isArray(reply))
        throw new Error(`the Sentinel ${sentinel} watches no master called "${name}"`);
      const [host, port] = reply.map(String);
      return serverText(host ?? '', port ?? '');
    } finally {
      if (client.isOpen) client.destroy();
    }
  };
  return ask(false).catch((error: unknown) => {
    if (/NOAUTH/.test(String(error))) return ask(true);
    throw error;
  });
}

/** The node that a key belongs to, where that is another one. */
async function ownerOf(client: RedisClientType, server: string, key: string): Promise<string | undefined> {
  try {
    await client.exists(key);
    return undefined;
  } catch (error) {
    const moved = /^MOVED \d+ (.*):(\d+)$/.exec(error instanceof Error ? error.message : '');
    if (moved === null) {
      client.destroy();
      throw error;
    }
    const [, host = '', port = ''] = moved;
    // Without a host it is the server that answered.
    return serverText(host === '' ? hostOf(server) : host, port);
  }
}

/** The first that succeeds; what the others open afterwards is closed. */
async function fastest<T>(
  seeds: readonly string[],
  attempt: (seed: string) => Promise<T>,
  close: (value: T) => void = () => {},
): Promise<T> {
  const attempts = seeds.map(attempt);
  try {
    const first = await Promise.any(attempts);
    for (const other of attempts)
      void other.then(
        (value) => value !== first && close(value),
        () => {},
      );
    return first;
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

function seedOf(host: string, defaultPort: string): string {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  if (url === undefined || url.hostname === '') throw new ClusterSetupError(forms);
  // A port of 80 is not in the text of a URL of HTTP.
  const port = /:(\d+)$/.exec(host)?.[1] ?? defaultPort;
  return `${url.hostname}:${port}`;
}

function serverText(host: string, port: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

function hostOf(server: string): string {
  return server.slice(0, server.lastIndexOf(':'));
}

function masterAndDatabase(path: string): readonly [string, string] {
  const [name = '', database = ''] = path.split('/');
  if (name === '')
    throw new ClusterSetupError('the URL of Sentinels ends with the name of their master: …/mymaster');
  return [decodeURIComponent(name), database];
}

/** The database that the path of a URL names. */
function databaseOf(path: string): number {
  if (/^\d{0,5}$/.test(path)) return Number(path);
  throw new ClusterSetupError(
    `the path of a Redis URL is the number of a database, such as redis://HOST:6379/3, but is "${path}": tell clusters apart by clusterName or clusterKeyPrefix`,
  );
}

function credentialsOf(secret: string): Pick<RedisServers, 'username' | 'password'> {
  if (secret === '') return {};
  const colon = secret.indexOf(':');
  try {
    const username = decodeURIComponent(colon < 0 ? secret : secret.slice(0, colon));
    const password = colon < 0 ? undefined : decodeURIComponent(secret.slice(colon + 1));
    return { ...(username !== '' && { username }), ...(password !== undefined && { password }) };
  } catch {
    throw new ClusterSetupError('a % in the user or password of a URL is written %25');
  }
}
