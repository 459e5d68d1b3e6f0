import type { KV, KvWatchEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Contribution, MemberId } from '../../core/index.ts';
import { ClusterSetupError, importClient } from './client-import.ts';
import { contributionText, parseContribution, parseText } from './contribution-text.ts';
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
import type { MemberRecord } from './member-record.ts';
import { natsConnections } from './nats-connection.ts';
import { natsInfo } from './nats-info.ts';
import { parseRecord, recordText } from './publication-text.ts';

/**
 * A cluster on NATS; rejects when its packages are missing, or the URL or a file cannot be used.
 *
 * A key-value bucket has an entry per register and one per member for its record. A publication is one flush of puts, the
 * record last; a watch shows the whole bucket, then every put in order. Nothing is deleted but by `max_age`: a
 * register that holds nothing is an entry too, so that every member reads it.
 */
export async function createNatsEngine(address: EngineAddress): Promise<EngineFactory> {
  const { keyPrefix: prefix = 'rollcall' } = address;
  if (!/^[\w-]+$/.test(prefix)) {
    throw new ClusterSetupError(
      'clusterKeyPrefix is part of the name of a NATS bucket: letters, digits, - and _ only',
    );
  }
  const packages = ['@nats-io/transport-node', '@nats-io/kv'];
  const transport = await importClient(() => import('@nats-io/transport-node'), ...packages);
  const { Kvm } = await importClient(() => import('@nats-io/kv'), ...packages);
  const nextConnection = natsConnections(address, transport);
  const connect = async (): Promise<NatsConnection> => {
    const { host, port, tls, options } = nextConnection();
    try {
      const isHandshakeFirst = await natsInfo({ host, port, limitMs: connectMs, tls });
      if (!isHandshakeFirst) return await transport.connect(options);
      return await transport.connect({ ...options, tls: { ...options.tls, handshakeFirst: true } });
    } catch (error) {
      throw new Error(`${options.servers}: ${(error as Error).message}`);
    }
  };
  const openBucket = (nats: NatsConnection, retainMs: number): Promise<KV> => {
    const kvm = new Kvm(nats);
    const bucket = `${prefix}_${address.name}`;
    // A bucket that is there with other settings, for example replicas, is used as it is.
    return kvm.create(bucket, { history: 1, ttl: retainMs, storage: 'memory' }).catch(() => kvm.open(bucket));
  };
  return (context) => {
    const options = { ...context, connect, openBucket };
    const newLink = (events: LinkEvents): Link => new NatsLink(options, events);
    return new LinkedEngine({ ...context, kind: 'nats', newLink });
  };
}

interface NatsLinkOptions extends EngineContext {
  readonly connect: () => Promise<NatsConnection>;
  readonly openBucket: (nats: NatsConnection, retainMs: number) => Promise<KV>;
}

/** Kinds of entries, the first word of their keys. */
const rowWord = 'row';
const memberWord = 'member';
const markWord = 'mark';

class NatsLink implements Link {
  readonly #options: NatsLinkOptions;
  readonly #events: LinkEvents;
  #nats: NatsConnection | undefined;
  readonly #id: string = Math.random().toString(36).slice(2);
  readonly #marks = new Map<string, (entry: KvWatchEntry) => void>();
  #bucket: KV | undefined;
  #isClosed = false;
  #markCount = 0;
  /** What arrived and was not emitted yet: emitted together, once per turn of the event loop. */
  #contributions: Contribution[] = [];
  #records: MemberRecord[] = [];
  #unreadable: MemberId[] = [];
  #hasBegun = false;
  #isScheduled = false;

  constructor(options: NatsLinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
  }

  async connect(): Promise<void> {
    const nats = await this.#options.connect();
    this.#nats = nats;
    void nats.closed().then((error) => this.#lose(error?.message ?? 'the connection was closed'));
    // It was closed meanwhile.
    if (this.#isClosed) this.close();
  }

  /** Reads the whole bucket: up to a mark that is set before. */
  async read(): Promise<Snapshot> {
    if (this.#nats === undefined) throw new Error('it is not connected');
    this.#bucket = await this.#options.openBucket(this.#nats, this.#options.retainMs);
    const marked = this.#mark();
    await marked.put;
    const watch = await this.#bucket.watch();
    void this.#follow(watch);
    await marked.seen;
    return this.#take();
  }

  async publish({ contributions, record }: Publication): Promise<void> {
    const puts = contributions.map((contribution) =>
      this.#put(
        `${rowWord}.${token(contribution.memberId)}.${token(contribution.key)}`,
        contributionText(contribution),
      ),
    );
    if (record !== undefined)
      puts.push(this.#put(`${memberWord}.${token(record.memberId)}`, recordText(record)));
    await Promise.all(puts);
  }

  /** The server notes when it stored an entry: between the moment it was sent and the moment it was confirmed. */
  async time(): Promise<EngineTime> {
    const sentMs = this.#options.clock.now().monoMs;
    const marked = this.#mark();
    await marked.put;
    const uncertaintyMs = (this.#options.clock.now().monoMs - sentMs) / 2;
    const { created } = await marked.seen;
    return { monoMs: sentMs + uncertaintyMs, engineMs: created.getTime(), uncertaintyMs };
  }

  /** What the stream holds; a deleted entry is not distinguished from one that is there. */
  async stored(memberId: MemberId): Promise<Stored> {
    if (this.#bucket === undefined) throw new Error('the bucket is not open');
    const keys = await this.#bucket.keys(`${rowWord}.${token(memberId)}.>`);
    const stored = new Map<string, undefined>();
    for await (const key of keys) stored.set(untoken(key.split('.')[2] ?? ''), undefined);
    return stored;
  }

  begin(): void {
    this.#hasBegun = true;
    this.#deliver();
  }

  close(): void {
    this.#isClosed = true;
    this.#nats?.close().catch(() => {});
  }

  /** Errors that our own closing causes are ignored: they would hide the reason for closing. */
  #lose(reason: string): void {
    if (!this.#isClosed) this.#events.disconnected(reason);
  }

  /** Puts an entry of ours, which comes back in the watch. */
  #mark(): { readonly put: Promise<void>; readonly seen: Promise<KvWatchEntry> } {
    this.#markCount += 1;
    const name = `${this.#id} ${this.#markCount}`;
    const seen = new Promise<KvWatchEntry>((resolve) => this.#marks.set(name, resolve));
    return { put: this.#put(`${markWord}.${this.#id}`, name), seen };
  }

  async #put(key: string, value: string): Promise<void> {
    if (this.#bucket === undefined) throw new Error('the bucket is not open');
    await this.#bucket.put(key, value);
  }

  async #follow(watch: AsyncIterable<KvWatchEntry>): Promise<void> {
    try {
      for await (const entry of watch) this.#receive(entry);
      this.#lose('the watch ended');
    } catch (error) {
      this.#lose((error as Error).message);
    }
  }

  #receive(entry: KvWatchEntry): void {
    if (entry.operation !== 'PUT') return;
    const [word] = entry.key.split('.');
    if (word === markWord) this.#marked(entry);
    else if (word === rowWord) this.#receiveRow(entry);
    else if (word === memberWord) push(this.#records, parseRecord(parseText(entry.string())));
    if (!this.#hasBegun || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #receiveRow(entry: KvWatchEntry): void {
    const contribution = parseContribution(parseText(entry.string()));
    if (contribution !== undefined) this.#contributions.push(contribution);
    else this.#unreadable.push(untoken(entry.key.split('.')[1] ?? ''));
  }

  #marked(entry: KvWatchEntry): void {
    const name = entry.string();
    const resolve = this.#marks.get(name);
    this.#marks.delete(name);
    resolve?.(entry);
  }

  #take(): Snapshot {
    const taken = {
      records: this.#records,
      contributions: this.#contributions,
      ...(this.#unreadable.length > 0 && { unreadable: this.#unreadable }),
    };
    this.#unreadable = [];
    this.#records = [];
    this.#contributions = [];
    return taken;
  }

  #deliver(): void {
    const { records, contributions, unreadable } = this.#take();
    const [record, ...others] = records;
    if (record !== undefined || contributions.length > 0 || unreadable !== undefined) {
      this.#events.message({
        contributions,
        ...(unreadable !== undefined && { unreadable }),
        ...(record !== undefined && { record }),
      });
    }
    for (const other of others) this.#events.message({ contributions: [], record: other });
  }
}

/** Any text as a word that may stand in a key. */
function token(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function untoken(word: string): string {
  return Buffer.from(word, 'base64url').toString() || 'unknown';
}

function push<T>(list: T[], value: T | undefined): void {
  if (value !== undefined) list.push(value);
}
