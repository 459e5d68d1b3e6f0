import type { BeaconFields, BeaconResult } from './beacon.ts';
import { createBeaconLoop } from './beacon-loop.ts';
import { type ChangeQueue, createChangeQueue } from './change-queue.ts';
import type { ClientState } from './client-state.ts';
import { createConnection } from './connection.ts';
import type { Instance, InstanceChange } from './instance.ts';
import type { PresenceClientOptions } from './options.ts';
import { createRosterFeed } from './roster-feed.ts';
import type { RosterSnapshot } from './roster-snapshot.ts';
import { settle } from './settings.ts';
import type { RosterView } from './view.ts';

/** A program's presence at a gateway, and its live view of everybody else's. */
export interface PresenceClient {
  /** Connects, and keeps connected until `stop()`. Does nothing when already started; retries after a refusal. */
  start(): void;
  /** Disconnects. The last roster stays readable, no longer live; iterators of `changes()` end. */
  stop(): void;
  /** Where the connection stands; the same object until the next transition. */
  readonly state: ClientState;
  /** The roster; the same object until the next change. Its rows survive a lost connection, marked not live. */
  readonly roster: RosterSnapshot;
  /** One row by its key, in any letter case. */
  get(key: string): Instance | undefined;
  /** Calls `listener` after every change of `state` or `roster`. Answers the function that ends it. */
  subscribe(listener: () => void): () => void;
  /**
   * The changes from now on. A reader that is slower than the gateway gets the changes of one row merged into one, so
   * memory stays bounded by the roster. Ends with `stop()`.
   */
  changes(): AsyncIterableIterator<InstanceChange>;
  /** Reports facts about this instance. Never rejects: a refusal is a value. */
  beacon(fields?: BeaconFields): Promise<BeaconResult>;
  /**
   * Calls any method of the gateway.
   *
   * Rejects with `GatewayRequestError` (`code`, `details`, `retryable`, `retryAfterMs`) on a refusal, with another Error
   * when there is no connection or no answer in time.
   */
  request<T = unknown>(method: string, params?: unknown): Promise<T>;
  /** The gateway's clock now, in milliseconds since the epoch (PS2); the local clock before the first contact. */
  serverNowMs(): number;
}

/**
 * Makes a presence client; nothing happens before `start()`.
 *
 * Throws a TypeError for options that can never work: no WebSocket URL, a negative duration, no WebSocket at hand.
 */
export function createPresenceClient(options: PresenceClientOptions): PresenceClient {
  const settings = settle(options);
  const listeners = new Set<() => void>();
  const queues = new Set<ChangeQueue>();
  let roster: RosterSnapshot | undefined;

  const notify = (): void => {
    roster = undefined;
    for (const listener of [...listeners]) callSafely(listener);
  };
  const callSafely = (listener: () => void): void => {
    try {
      listener();
    } catch (error) {
      settings.logger?.warn(`a listener failed: ${String(error)}`);
    }
  };
  const onView = (changes: readonly InstanceChange[]): void => {
    for (const queue of [...queues]) queue.push(changes);
    notify();
  };
  const feed = createRosterFeed({
    ...settings,
    request: (method, params) => connection.request(method, params),
    serverNowMs: () => connection.serverNowMs(),
    onView,
  });
  const beacons = createBeaconLoop({
    ...settings,
    intervalMs: settings.beaconIntervalMs,
    fields: settings.beaconFields ?? (() => ({})),
    send: (fields) => connection.beacon(fields),
  });
  const connection = createConnection({ settings, feed, beacons, onState: notify });

  return {
    start: () => connection.start(),
    stop() {
      connection.stop();
      for (const queue of [...queues]) queue.end();
    },
    get state() {
      return connection.state;
    },
    get roster() {
      roster ??= snapshotOf(feed.view, feed.live);
      return roster;
    },
    get: (key) => feed.view.rows.get(key.trim().toLowerCase()),
    subscribe(listener) {
      const entry = () => listener();
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    changes() {
      const queue = createChangeQueue(() => queues.delete(queue));
      queues.add(queue);
      return queue.iterator;
    },
    beacon: (fields = {}) => connection.beacon(fields),
    request: <T>(method: string, params?: unknown) => connection.request(method, params) as Promise<T>,
    serverNowMs: () => connection.serverNowMs(),
  };
}

function snapshotOf(view: RosterView, live: boolean): RosterSnapshot {
  const { instances, version, epoch, nowMs, maxEntries, truncated } = view;
  return {
    instances,
    version,
    nowMs,
    live,
    ...(epoch !== undefined && { epoch }),
    ...(!live && nowMs > 0 && { asOfMs: nowMs }),
    ...(maxEntries !== undefined && { maxEntries }),
    ...(truncated !== undefined && { truncated }),
  };
}
