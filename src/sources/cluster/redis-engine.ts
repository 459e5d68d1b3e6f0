import type { RedisClientType } from 'redis';
import type { Contribution, MemberId } from '../../core/index.ts';
import { ClusterSetupError, importClient } from './client-import.ts';
import {
  contributionText,
  isObject,
  isOver,
  isWhole,
  isWord,
  parseContribution,
  parseText,
} from './contribution-text.ts';
import type {
  EngineAddress,
  EngineContext,
  EngineFactory,
  EngineTime,
  Publication,
  Snapshot,
  Stored,
} from './engine.ts';
import { connectMs, type Link, type LinkEvents, LinkedEngine } from './linked-engine.ts';
import { parseRecord, readContributions, recordText } from './publication-text.ts';
import { connectRedis, type NewRedisClient, type RedisServers, redisServers } from './redis-servers.ts';
import { readTlsFiles } from './tls-files.ts';

/** Most rows that are read as a whole to compare them; of more only the keys are. */
const mostRead = 1_000;

/**
 * A cluster on Redis or Valkey: a server, a master that Sentinels name, or a node of a Redis Cluster. Rejects when the package
 * `redis` is missing, or the URL or the certificates cannot be used.
 *
 * A hash per member holds its rows, a hash of records holds the members; all expire when they are not written. A
 * publication is one transaction of one round trip: it writes the hashes and publishes one message with a sequence
 * number. A member that finds a gap in the numbers starts anew with a snapshot. Every connection begins by finding the server
 * that keeps the keys, so a failover or a slot that moved is a connection that broke.
 */
export async function createRedisEngine(address: EngineAddress): Promise<EngineFactory> {
  const { createClient } = await importClient(() => import('redis'), 'redis');
  const servers = redisServers(address.url);
  check(address, servers);
  const newClient: NewRedisClient = (server, { withSecret }) => {
    const { username, password, database, isTls } = servers;
    return createClient({
      url: `${isTls ? 'rediss' : 'redis'}://${server}`,
      name: 'rollcall',
      RESP: 2,
      disableOfflineQueue: true,
      ...(withSecret && {
        ...(database !== 0 && { database }),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
      }),
      socket: {
        reconnectStrategy: false,
        connectTimeout: connectMs,
        ...(isTls && { tls: true as const, ...readTlsFiles(address) }),
      },
    }) as unknown as RedisClientType;
  };
  return (context) => {
    const options = {
      ...context,
      prefix: address.keyPrefix ?? 'rollcall',
      name: address.name,
      servers,
      newClient,
    };
    const newLink = (events: LinkEvents): Link => new RedisLink(options, events);
    return new LinkedEngine({ ...context, kind: 'redis', newLink });
  };
}

/** Finds out at once what is wrong with the certificates. */
function check(address: EngineAddress, { isTls }: RedisServers): void {
  if (!isTls && (address.caFile ?? address.certFile) !== undefined)
    throw new ClusterSetupError('certificates are for TLS only: write rediss:// in place of redis://');
  readTlsFiles(address);
}

interface RedisLinkOptions extends EngineContext {
  readonly prefix: string;
  readonly name: string;
  readonly servers: RedisServers;
  readonly newClient: NewRedisClient;
}

class RedisLink implements Link {
  readonly #options: RedisLinkOptions;
  readonly #events: LinkEvents;
  /** All clients that were created, also those that only searched for the server. */
  readonly #clients: RedisClientType[] = [];
  #connected: { readonly commands: RedisClientType; readonly subscriber: RedisClientType } | undefined;
  /** The last number of each sender. */
  readonly #latestNumbers = new Map<string, number>();
  #waiting: string[] | undefined = [];
  #isClosed = false;
  #sent = 0;
  /** Identifies the numbering of this connection. */
  readonly #sender: string = Math.random().toString(36).slice(2);

  constructor(options: RedisLinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
  }

  async connect(): Promise<void> {
    const newClient: NewRedisClient = (...which) => this.#newClient(...which);
    const { servers } = this.#options;
    const { client: commands, server } = await connectRedis(servers, this.#key('members'), newClient);
    const subscriber = newClient(server, { withSecret: true });
    this.#connected = { commands, subscriber };
    for (const client of [commands, subscriber]) {
      client.on('error', (error: Error) => this.#lose(error.message || 'the connection broke'));
      client.on('end', () => this.#lose('the connection was closed'));
    }
    await subscriber.connect();
  }

  #newClient(...which: Parameters<NewRedisClient>): RedisClientType {
    if (this.#isClosed) throw new Error('the connection was closed');
    const client = this.#options.newClient(...which);
    this.#clients.push(client);
    // Destroyed before its socket was there, a client would go on.
    client.on('connect', () => {
      if (this.#isClosed) client.destroy();
    });
    return client;
  }

  get #commands(): RedisClientType {
    if (this.#connected === undefined) throw new Error('not connected yet');
    return this.#connected.commands;
  }

  /** Rows of all members, also of those whose announcement is not complete and that have no record yet. */
  async read(): Promise<Snapshot> {
    // Subscribed before the snapshot is read, so that no publication is missed between the two.
    await this.#connected?.subscriber.subscribe(this.#channel(), (message) => this.#receive(message));
    const client = this.#commands;
    const [stored, speakers] = await Promise.all([
      client.hGetAll(this.#key('members')),
      client.sMembers(this.#key('speakers')),
    ]);
    const known = Object.values(stored).map((text) => parseRecord(parseText(text)));
    const records = known.filter((record) => record !== undefined);
    const members = [...new Set([...speakers, ...records.map(({ memberId }) => memberId)])];
    const rows = await Promise.all(members.map((memberId) => client.hGetAll(this.#key(`rows:${memberId}`))));
    const read = rows.map((fields, index) =>
      readContributions(Object.values(fields).map(parseText), members[index] ?? ''),
    );
    await this.#deleteRecords(members.filter((_, index) => Object.keys(rows[index] ?? {}).length === 0));
    const unreadable = read.flatMap((part) => part.unreadable);
    return {
      records,
      contributions: read.flatMap(({ contributions }) => contributions),
      ...(unreadable.length > 0 && { unreadable }),
    };
  }

  async publish({ contributions, record }: Publication): Promise<void> {
    const transaction = this.#commands.multi();
    for (const [memberId, registers] of byMember(contributions)) {
      const rows = this.#key(`rows:${memberId}`);
      const gone = registers.filter(isOver).map(({ key }) => key);
      const stated = registers.filter((contribution) => !isOver(contribution));
      if (gone.length > 0) transaction.hDel(rows, gone);
      for (const contribution of stated)
        transaction.hSet(rows, contribution.key, contributionText(contribution));
      if (stated.length > 0) transaction.pExpire(rows, this.#options.retainMs);
    }
    const speakers = new Set(contributions.map(({ memberId }) => memberId));
    if (record !== undefined) {
      speakers.add(record.memberId);
      transaction.hSet(this.#key('members'), record.memberId, recordText(record));
      transaction.pExpire(this.#key('members'), this.#options.retainMs);
      transaction.pExpire(this.#key(`rows:${record.memberId}`), this.#options.retainMs);
    }
    if (speakers.size > 0) {
      transaction.sAdd(this.#key('speakers'), [...speakers]);
      transaction.pExpire(this.#key('speakers'), this.#options.retainMs);
    }
    this.#sent += 1;
    const message = { v: 1, sender: this.#sender, number: this.#sent, contributions, record };
    transaction.publish(this.#channel(), JSON.stringify(message));
    await transaction.exec().catch((error: unknown) => {
      throw firstFault(error);
    });
  }

  async time(): Promise<EngineTime> {
    const sentMs = this.#options.clock.now().monoMs;
    const reply = (await this.#commands.sendCommand(['TIME'])) as unknown as readonly string[];
    const uncertaintyMs = (this.#options.clock.now().monoMs - sentMs) / 2;
    const engineMs = Number(reply[0]) * 1000 + Number(reply[1]) / 1000;
    return { monoMs: sentMs + uncertaintyMs, engineMs, uncertaintyMs };
  }

  async stored(memberId: MemberId): Promise<Stored> {
    const rows = this.#key(`rows:${memberId}`);
    if ((await this.#commands.hLen(rows)) > mostRead) {
      return new Map((await this.#commands.hKeys(rows)).map((key) => [key, undefined]));
    }
    const texts = Object.values(await this.#commands.hGetAll(rows));
    const read = texts.map((text) => parseContribution(parseText(text)));
    return new Map(read.flatMap((register) => (register ? [[register.key, register.stamp] as const] : [])));
  }

  begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of waiting) this.#take(message);
  }

  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients) {
      try {
        client.destroy();
      } catch {
        // It was closed already.
      }
    }
  }

  /** Members whose rows expired published nothing for `retainMs`; one that is running is back with its next heartbeat. */
  async #deleteRecords(members: readonly string[]): Promise<void> {
    if (members.length === 0) return;
    const transaction = this.#commands.multi();
    transaction.hDel(this.#key('members'), [...members]);
    transaction.sRem(this.#key('speakers'), [...members]);
    await transaction.exec();
  }

  #receive(message: string): void {
    if (this.#waiting === undefined) this.#take(message);
    else this.#waiting.push(message);
  }

  #take(message: string): void {
    const parsed = parseText(message);
    if (!isObject(parsed)) return;
    const { sender, number } = parsed;
    if (isWord(sender) && isWhole(number)) {
      const last = this.#latestNumbers.get(sender);
      this.#latestNumbers.set(sender, number);
      if (last !== undefined && number !== last + 1) return this.#lose('a message was missed');
    }
    const record = parseRecord(parsed['record']);
    const speaker = record?.memberId ?? 'unknown';
    const { contributions, unreadable } = readContributions(parsed['contributions'], speaker);
    this.#events.message({
      contributions,
      ...(unreadable.length > 0 && { unreadable }),
      ...(record !== undefined && { record }),
    });
  }

  /** Errors that our own closing causes are ignored: they would hide the reason for closing. */
  #lose(reason: string): void {
    if (!this.#isClosed) this.#events.disconnected(reason);
  }

  /** The braces keep all keys of a cluster on one node of a Redis Cluster. */
  #key(name: string): string {
    return `${this.#options.prefix}:{${this.#options.name}}:${name}`;
  }

  /** Keys belong to a database, messages to the whole server: the channel names the database (PC10). */
  #channel(): string {
    const { database } = this.#options.servers;
    return this.#key(database === 0 ? 'changes' : `changes:${database}`);
  }
}

/** Of a transaction the reply of the first command that failed holds the reason. */
function firstFault(error: unknown): unknown {
  if (!(error instanceof Error && 'errors' in error && typeof error.errors === 'function')) return error;
  const [first = error] = error.errors() as Iterable<unknown>;
  return first;
}

function byMember(contributions: readonly Contribution[]): ReadonlyMap<string, readonly Contribution[]> {
  const members = new Map<string, Contribution[]>();
  for (const contribution of contributions) {
    const registers = members.get(contribution.memberId);
    if (registers === undefined) members.set(contribution.memberId, [contribution]);
    else registers.push(contribution);
  }
  return members;
}
