import type { ClientLogger } from './client-state.ts';
import type { InstanceChange } from './instance.ts';
import {
  disconnect,
  emptyState,
  missedSomething,
  type Outcome,
  type RosterState,
  receiveDelta,
  receiveFullList,
  receiveList,
  receiveNow,
  releaseHeld,
} from './roster-state.ts';
import { fields, isCount, readEntries, readPresenceDelta, readPresenceList } from './wire.ts';

/** What a roster feed depends on. */
export interface RosterFeedDeps {
  request(method: string, params?: unknown): Promise<unknown>;
  serverNowMs(): number;
  /** After every change of the state; `changes` may be empty. */
  onRoster(changes: readonly InstanceChange[]): void;
  readonly listIntervalMs: number;
  readonly graceMs: number;
  readonly logger?: ClientLogger;
}

/** How the roster arrives on a connection. */
type Follows = 'deltas' | 'lists';

/** Delay before a list that failed is requested again. */
const retryListMs = 1_000;

const noList = 'the gateway sent no list';

/**
 * Keeps one roster state in step with a gateway, over all its connections: reads what arrives, requests lists when
 * something was missed, and holds the timers. Needs `lost()` to stop them.
 */
export class RosterFeed {
  readonly #deps: RosterFeedDeps;
  #state: RosterState = emptyState;
  #follows: Follows | undefined;
  #connection = 0;
  #isReading = false;
  #listTimer: ReturnType<typeof setTimeout> | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: RosterFeedDeps) {
    this.#deps = deps;
  }

  get state(): RosterState {
    return this.#state;
  }

  /** A connection is up; deltas follow, the first has all rows. */
  followDeltas(): void {
    this.#begin('deltas');
  }

  /** A connection is up; `snapshot` of its hello is the first full list. */
  followLists(snapshot: unknown): void {
    this.#begin('lists');
    const { presence, stateVersion } = fields<{ presence: unknown; stateVersion: unknown }>(snapshot);
    const { presence: version } = fields<{ presence: unknown }>(stateVersion);
    this.#takeEntries(presence, version, true);
    this.#readListLater(this.#deps.listIntervalMs);
  }

  /** A `presence.delta` event. */
  delta(payload: unknown): void {
    if (this.#follows !== 'deltas') return;
    const delta = readPresenceDelta(payload);
    this.#take(delta ? receiveDelta(this.#state, delta) : missedSomething(this.#state));
  }

  /** A `presence` event. */
  presence(payload: unknown, version: unknown): void {
    if (this.#follows !== 'lists') return;
    this.#takeEntries(fields<{ presence: unknown }>(payload).presence, version);
  }

  /** The gateway's clock advanced. */
  now(nowMs: number): void {
    if (this.#state.live) this.#take({ state: receiveNow(this.#state, nowMs), changes: [] });
  }

  /** Events were missed. */
  gap(): void {
    if (this.#follows === 'deltas') this.#take(missedSomething(this.#state));
    if (this.#follows === 'lists') this.#readList();
  }

  /** The connection is gone: the rows stay, no longer live. */
  lost(): void {
    this.#connection += 1;
    this.#follows = undefined;
    this.#isReading = false;
    clearTimeout(this.#listTimer);
    clearTimeout(this.#graceTimer);
    this.#graceTimer = undefined;
    this.#state = disconnect(this.#state);
  }

  #begin(follows: Follows): void {
    this.#connection += 1;
    this.#follows = follows;
    this.#state = disconnect(this.#state);
  }

  #take({ state, changes, ask = false }: Outcome): void {
    this.#state = state;
    if (state.held.size > 0) this.#graceTimer ??= setTimeout(() => this.#release(), this.#deps.graceMs);
    this.#deps.onRoster(changes);
    if (ask) this.#readList();
  }

  #takeEntries(value: unknown, version?: unknown, first = false): void {
    const entries = readEntries(value);
    if (entries === undefined) throw new Error(noList);
    const list = { entries, first, nowMs: this.#deps.serverNowMs(), ...(isCount(version) && { version }) };
    this.#take(receiveFullList(this.#state, list));
  }

  #release(): void {
    this.#graceTimer = undefined;
    this.#take(releaseHeld(this.#state));
  }

  #readList(): void {
    clearTimeout(this.#listTimer);
    if (this.#isReading) return;
    this.#isReading = true;
    const connection = this.#connection;
    const method = this.#follows === 'deltas' ? 'presence.list' : 'system-presence';
    this.#deps
      .request(method)
      .then((answer) => connection === this.#connection && this.#takeAnswer(answer))
      .catch((error: unknown) => connection === this.#connection && this.#retryList(method, error));
  }

  #takeAnswer(answer: unknown): void {
    this.#isReading = false;
    if (this.#follows === 'deltas') {
      const list = readPresenceList(answer);
      if (list === undefined) throw new Error(noList);
      this.#take(receiveList(this.#state, list));
    } else {
      this.#takeEntries(answer);
      this.#readListLater(this.#deps.listIntervalMs);
    }
  }

  #retryList(method: string, error: unknown): void {
    this.#isReading = false;
    this.#deps.logger?.warn(`${method} failed, it is asked again: ${String(error)}`);
    const { retryAfterMs } = fields<{ retryAfterMs: number }>(error);
    this.#readListLater(Math.max(retryListMs, retryAfterMs ?? 0));
  }

  #readListLater(delayMs: number): void {
    clearTimeout(this.#listTimer);
    if (delayMs > 0) this.#listTimer = setTimeout(() => this.#readList(), delayMs);
  }
}
