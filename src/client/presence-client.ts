import type { BeaconFields, BeaconResult } from './beacon.ts';
import { createBeaconLoop } from './beacon.ts';
import { type ChangeQueue, createChangeQueue } from './change-queue.ts';
import type { ClientState } from './client-state.ts';
import { type Connection, createConnection } from './connection.ts';
import type { Instance, InstanceChange, RosterSnapshot } from './instance.ts';
import { type ChangesListener, Listeners, type Unsubscribe } from './listeners.ts';
import type { PresenceClientOptions } from './options.ts';
import { RefusedError } from './refusals.ts';
import { RosterFeed } from './roster-feed.ts';
import { rowOf, snapshotOf } from './roster-state.ts';
import { settle } from './settings.ts';

/** A program's presence at a gateway, and its live view of everybody else's. */
export interface PresenceClient {
  /** Connects, and keeps connected until `stop()`. Does nothing when already started; retries after a refusal. */
  start(): void;
  /** Disconnects. The last roster stays readable, no longer live; iterators of `changes()` end. */
  stop(): void;
  /** The state of the connection; the same object until the next transition. */
  readonly state: ClientState;
  /** The roster; the same object until the next change. Its rows survive a lost connection, marked not live. */
  readonly roster: RosterSnapshot;
  /** One row by its key, in any letter case. */
  get(key: string): Instance | undefined;
  /** Calls `listener` after every change of `state` or `roster`. Returns the function that ends it. */
  subscribe(listener: () => void): Unsubscribe;
  /** Calls `listener` after every change of `state` only. */
  onState(listener: (state: ClientState) => void): Unsubscribe;
  /**
   * Calls `listener` after every change of one row, named by its key in any letter case; with undefined when it is gone. Other
   * rows cost it nothing, however many there are.
   */
  onInstance(key: string, listener: (instance: Instance | undefined) => void): Unsubscribe;
  /**
   * Calls `listener` after every change of `roster`, with all changes at once. There are none when only the clock advanced,
   * `live` changed, or the own rows of gateways were renewed; those are `renewed`.
   */
  onChanges(listener: ChangesListener): Unsubscribe;
  /**
   * The changes from now on. A reader that is slower than the gateway gets the changes of one row merged into one, so
   * memory stays bounded by the roster. Ends with `stop()`, and with a `RefusedError` when the gateway refuses this client
   * for good.
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
  return new Client(options);
}

class Client implements PresenceClient {
  readonly #listeners: Listeners;
  readonly #queues = new Set<ChangeQueue>();
  readonly #feed: RosterFeed;
  readonly #connection: Connection;
  #roster: RosterSnapshot | undefined;
  /** The gateway's own rows that listeners have. */
  #selves: readonly Instance[] = [];

  constructor(options: PresenceClientOptions) {
    const settings = settle(options);
    this.#listeners = new Listeners((error) => settings.logger?.warn(`a listener failed: ${String(error)}`));
    this.#feed = new RosterFeed({
      ...settings,
      request: (method, params) => this.#connection.request(method, params),
      serverNowMs: this.serverNowMs,
      onRoster: (changes) => this.#rosterChanged(changes),
    });
    const beacons = createBeaconLoop({
      ...settings,
      intervalMs: settings.beaconIntervalMs,
      fields: settings.beaconFields ?? (() => ({})),
      send: this.beacon,
    });
    this.#connection = createConnection({
      settings,
      feed: this.#feed,
      beacons,
      onState: () => this.#stateChanged(),
    });
  }

  get state(): ClientState {
    return this.#connection.state;
  }

  get roster(): RosterSnapshot {
    this.#roster ??= snapshotOf(this.#feed.state);
    return this.#roster;
  }

  readonly start = (): void => this.#connection.start();

  readonly stop = (): void => {
    this.#connection.stop();
    this.#endQueues();
  };

  readonly get = (key: string): Instance | undefined => rowOf(this.#feed.state, keyOf(key));

  readonly subscribe = (listener: () => void): Unsubscribe => this.#listeners.onAny(listener);

  readonly onState = (listener: (state: ClientState) => void): Unsubscribe =>
    this.#listeners.onState(listener);

  readonly onInstance = (key: string, listener: (instance: Instance | undefined) => void): Unsubscribe =>
    this.#listeners.onInstance(keyOf(key), listener);

  readonly onChanges = (listener: ChangesListener): Unsubscribe => this.#listeners.onChanges(listener);

  readonly changes = (): AsyncIterableIterator<InstanceChange> => {
    const queue = createChangeQueue(() => this.#queues.delete(queue));
    this.#queues.add(queue);
    if (this.state.phase === 'refused') queue.end(new RefusedError(this.state));
    return queue.iterator;
  };

  readonly beacon = (fields: BeaconFields = {}): Promise<BeaconResult> => this.#connection.beacon(fields);

  readonly request = <T>(method: string, params?: unknown): Promise<T> =>
    this.#connection.request(method, params) as Promise<T>;

  readonly serverNowMs = (): number => this.#connection.serverNowMs();

  #stateChanged(): void {
    const { state } = this;
    this.#roster = undefined;
    if (state.phase === 'refused') this.#endQueues(new RefusedError(state));
    this.#listeners.stateChanged(state);
  }

  #rosterChanged(changes: readonly InstanceChange[]): void {
    const { selves } = this.#feed.state;
    const renewed =
      selves === this.#selves
        ? []
        : selves.filter((row) => !changes.some(({ instance }) => instance === row));
    this.#selves = selves;
    this.#roster = undefined;
    for (const queue of [...this.#queues]) queue.push(changes);
    this.#listeners.rosterChanged(changes, renewed);
  }

  #endQueues(error?: Error): void {
    for (const queue of [...this.#queues]) queue.end(error);
  }
}

/** A key as rows have it (PK1). */
function keyOf(text: string): string {
  return text.trim().toLowerCase();
}
