import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { MqttClient } from 'mqtt';
import type { Change, Clock, DelayTimers, Logger } from '../../core/index.ts';
import { readTextFile } from '../../host/index.ts';
import { matches, parseQuery, type Query } from '../../viewer/index.ts';
import type { DeliveryFailure, QueuedMessage } from './delivery.ts';
import {
  discoveryMessages,
  type HomeAssistantTopics,
  type RetainedMessage,
  removalMessages,
  stateMessages,
  statusTopic,
} from './home-assistant.ts';
import type { NoticedRow } from './notice.ts';
import { durationMs } from './notice-rule.ts';
import type { MqttConfig } from './notices-config.ts';

export interface MqttDeliveryOptions {
  readonly config: MqttConfig;
  readonly version: string;
  readonly clock: Clock;
  readonly timers: DelayTimers;
  readonly logger: Logger;
  /** File of the instances that were published to Home Assistant, so that they can be removed later. */
  readonly file?: string | undefined;
}

/** An instance that was published to Home Assistant. */
interface Published {
  row: NoticedRow;
  isListed: boolean;
  /** Since when it is away or not listed. */
  awayAtMs: number | undefined;
  /** What was published last, by topic. */
  readonly sent: Map<string, string>;
  sentAtMs: number;
  wasConnected: boolean;
}

/** Time for which changes are collected, milliseconds. */
const collectMs = 500;
/** Last contact and last use are published at most this often, unless the connection changed. */
const steadyMs = 60_000;
const reconnectMs = 5_000;
/** Time between two searches for instances that are away for longer than `forgetAfter`. */
const sweepMs = 60_000;

/**
 * One broker: notices on `TOPIC/notices/RULE`, the gateway on `TOPIC/status` with its last will, and instances for Home Assistant (PN14).
 *
 * The package `mqtt` is loaded at the first use and need not be installed otherwise.
 */
export class MqttDelivery {
  readonly #options: MqttDeliveryOptions;
  readonly #base: string;
  readonly #topics: HomeAssistantTopics | undefined;
  readonly #who: Query;
  readonly #retentionMs: number;
  readonly #published = new Map<string, Published>();
  readonly #dirty = new Set<string>();
  #client: MqttClient | undefined;
  #problem: string | undefined = 'not connected yet';
  #isScheduled = false;
  #isClosed = false;
  #cancelSweep = (): void => {};

  constructor(options: MqttDeliveryOptions) {
    this.#options = options;
    const {
      homeAssistant = false,
      topic = 'rollcall',
      who = 'mode:node',
      forgetAfter = '7d',
    } = options.config;
    this.#base = topic;
    const discovery = homeAssistant === true ? 'homeassistant' : homeAssistant;
    this.#topics = discovery === false ? undefined : { base: topic, discovery, version: options.version };
    const query = parseQuery(who);
    if (!query.ok) throw new TypeError(`who: ${query.error.message}`);
    this.#who = query.value;
    this.#retentionMs = durationMs(forgetAfter);
    this.#read();
  }

  async start(rows: Iterable<NoticedRow>): Promise<void> {
    for (const row of rows) this.#update(row, true);
    this.#scheduleSweep();
    await this.#connect();
  }

  /** Publishes what changed to Home Assistant. */
  changed(changes: readonly Change[]): void {
    if (this.#topics === undefined) return;
    for (const change of changes) {
      if (change.kind === 'upsert') {
        if (change.previousKey !== undefined) this.#remove(change.previousKey);
        this.#update(change.view, true);
      } else if (change.cause?.code === 'removed' || change.cause?.code === 'replaced')
        this.#remove(change.key);
      else this.#markAway(change.key);
    }
  }

  /** Publishes one notice; delivered when the broker has acknowledged it. */
  send = async (
    { id, message }: QueuedMessage,
    signal: AbortSignal,
  ): Promise<DeliveryFailure | undefined> => {
    const client = this.#client;
    if (client?.connected !== true) return { problem: this.#problem ?? 'not connected', retry: true };
    const topic = `${this.#base}/notices/${message.data.rule}`;
    const timeout = new Promise<'late'>((resolve) => {
      signal.addEventListener('abort', () => resolve('late'), { once: true });
    });
    const sent = client.publishAsync(topic, JSON.stringify({ id, ...message }), { qos: 1 }).then(
      () => undefined,
      (error: unknown) => String((error as Error).message),
    );
    const outcome = await Promise.race([sent, timeout]);
    if (outcome === undefined) return undefined;
    return { problem: outcome === 'late' ? 'no answer in time' : outcome, retry: true };
  };

  /** Publishes `offline` itself: the broker publishes the last will only after a lost connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSweep();
    this.#save();
    const client = this.#client;
    if (client === undefined) return;
    if (client.connected) {
      this.#flush();
      await client.publishAsync(statusTopic(this.#base), 'offline', { qos: 1, retain: true }).catch(() => {});
      await client.endAsync().catch(() => {});
    } else client.end(true);
  }

  async #connect(): Promise<void> {
    const { config, logger } = this.#options;
    const { url, username, passwordFile } = config;
    let mqtt: typeof import('mqtt');
    try {
      mqtt = await import('mqtt');
    } catch {
      this.#problem = 'the package mqtt is not installed: npm install mqtt';
      logger.error({ delivery: config.name }, this.#problem);
      return;
    }
    if (this.#isClosed) return;
    const client = (mqtt.default ?? mqtt).connect(url, {
      reconnectPeriod: reconnectMs,
      ...(username !== undefined && { username }),
      ...(passwordFile !== undefined && { password: readTextFile(passwordFile).trim() }),
      will: { topic: statusTopic(this.#base), payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    this.#client = client;
    client.on('connect', () => {
      this.#problem = undefined;
      client.publish(statusTopic(this.#base), 'online', { qos: 1, retain: true });
      if (this.#topics !== undefined) client.subscribe(`${this.#topics.discovery}/status`);
      this.#republishAll();
    });
    // Home Assistant has restarted.
    client.on('message', (_, payload) => {
      if (payload.toString() === 'online') this.#republishAll();
    });
    client.on('error', (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      const problem = code ?? message;
      if (problem !== this.#problem)
        logger.warn({ delivery: config.name, problem }, 'no connection to the broker');
      this.#problem = problem;
    });
    client.on('close', () => {
      this.#problem ??= 'the broker closed the connection';
    });
  }

  #update(row: NoticedRow, isListed: boolean): void {
    if (this.#topics === undefined || row.self === true) return;
    const known = this.#published.get(row.key);
    const nowMs = this.#options.clock.now().wallMs;
    if (known === undefined && !matches(this.#who, row, { nowMs })) return;
    const isAway = row.connections === 0 && row.disconnectedAtMs !== undefined;
    if (known === undefined) {
      this.#published.set(row.key, {
        row,
        isListed,
        awayAtMs: isAway ? nowMs : undefined,
        sent: new Map(),
        sentAtMs: Number.NEGATIVE_INFINITY,
        wasConnected: false,
      });
      this.#save();
    } else {
      known.row = row;
      known.isListed = isListed;
      known.awayAtMs = isAway ? (known.awayAtMs ?? nowMs) : undefined;
    }
    this.#schedule(row.key);
  }

  #markAway(key: string): void {
    const known = this.#published.get(key);
    if (known === undefined) return;
    known.isListed = false;
    known.awayAtMs ??= this.#options.clock.now().wallMs;
    this.#schedule(key);
  }

  #remove(key: string): void {
    if (this.#topics === undefined || !this.#published.delete(key)) return;
    this.#dirty.delete(key);
    this.#publish(removalMessages(key, this.#topics));
    this.#removed.add(key);
    if (this.#client?.connected === true) this.#removed.delete(key);
    this.#save();
  }

  /** Keys whose removal is published at the next connection. */
  readonly #removed = new Set<string>();

  #schedule(key: string): void {
    this.#dirty.add(key);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.timers.after(collectMs, () => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #republishAll(): void {
    if (this.#topics === undefined) return;
    for (const key of this.#removed) this.#publish(removalMessages(key, this.#topics));
    this.#removed.clear();
    for (const [key, known] of this.#published) {
      known.sent.clear();
      known.sentAtMs = Number.NEGATIVE_INFINITY;
      this.#schedule(key);
    }
  }

  #flush(): void {
    const topics = this.#topics;
    if (topics === undefined || this.#client?.connected !== true) return;
    const nowMs = this.#options.clock.now().wallMs;
    const later: string[] = [];
    for (const key of this.#dirty) {
      const known = this.#published.get(key);
      if (known === undefined) continue;
      const state = stateMessages(known.row, known.isListed, nowMs, topics);
      const isConnected =
        known.isListed && known.awayAtMs === undefined && known.row.unreachableSinceMs === undefined;
      if (isConnected === known.wasConnected && nowMs - known.sentAtMs < steadyMs) {
        later.push(key);
        continue;
      }
      known.wasConnected = isConnected;
      known.sentAtMs = nowMs;
      const fresh = [...discoveryMessages(known.row, topics), ...state].filter(
        ({ topic, payload }) => known.sent.get(topic) !== payload,
      );
      for (const { topic, payload } of fresh) known.sent.set(topic, payload);
      this.#publish(fresh);
    }
    this.#dirty.clear();
    for (const key of later) this.#dirty.add(key);
  }

  #publish(messages: readonly RetainedMessage[]): void {
    const client = this.#client;
    if (client?.connected !== true) return;
    for (const { topic, payload } of messages) client.publish(topic, payload, { qos: 1, retain: true });
  }

  #scheduleSweep(): void {
    this.#cancelSweep = this.#options.timers.after(sweepMs, () => {
      const beforeMs = this.#options.clock.now().wallMs - this.#retentionMs;
      for (const [key, { awayAtMs = Number.POSITIVE_INFINITY }] of [...this.#published]) {
        if (awayAtMs <= beforeMs) this.#remove(key);
      }
      this.#flush();
      this.#scheduleSweep();
    });
  }

  #read(): void {
    const { file } = this.#options;
    if (file === undefined || this.#topics === undefined) return;
    let rows: readonly { readonly row: NoticedRow; readonly awayAtMs?: number }[] = [];
    try {
      rows = JSON.parse(readFileSync(file, 'utf8')) as typeof rows;
    } catch {
      // Missing or damaged: listed instances are published without it.
    }
    const nowMs = this.#options.clock.now().wallMs;
    for (const { row, awayAtMs = nowMs } of rows) {
      this.#published.set(row.key, {
        row,
        isListed: false,
        awayAtMs,
        sent: new Map(),
        sentAtMs: Number.NEGATIVE_INFINITY,
        wasConnected: false,
      });
    }
  }

  #save(): void {
    const { file, logger, config } = this.#options;
    if (file === undefined || this.#topics === undefined) return;
    const rows = Array.from(this.#published.values(), ({ row, awayAtMs }) => ({ row, awayAtMs }));
    try {
      writeFileSync(`${file}.new`, JSON.stringify(rows), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      logger.warn(
        { err: error, delivery: config.name },
        'the instances published to Home Assistant cannot be stored',
      );
    }
  }
}
