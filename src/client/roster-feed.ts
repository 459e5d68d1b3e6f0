import type { InstanceChange } from './instance.ts';
import type { ClientLogger } from './options.ts';
import { missedSomething, receiveDelta, receiveList, type Sync, type SyncOutcome } from './sync.ts';
import { applyFullList, applyNow, emptyView, type RosterView, releaseHeld } from './view.ts';
import { fields, isCount, readEntries, readPresenceDelta, readPresenceList } from './wire.ts';

/** What a roster feed needs. */
export interface RosterFeedDeps {
  request(method: string, params?: unknown): Promise<unknown>;
  serverNowMs(): number;
  /** After every change of the view; `changes` may be empty. */
  onView(changes: readonly InstanceChange[]): void;
  readonly listIntervalMs: number;
  readonly graceMs: number;
  readonly logger?: ClientLogger;
}

/** Keeps one view in step with a gateway, over all its connections. */
export interface RosterFeed {
  readonly view: RosterView;
  /** True when the view is that of the gateway, but for what is on its way. */
  readonly live: boolean;
  /** A connection is up; deltas follow, the first has all rows. */
  followDeltas(): void;
  /** A connection is up; `snapshot` of its hello is the first full list. */
  followLists(snapshot: unknown): void;
  delta(payload: unknown): void;
  presence(payload: unknown, version: unknown): void;
  /** The gateway's clock went on. */
  now(nowMs: number): void;
  /** Events were missed. */
  gap(): void;
  /** The connection is gone: the view stays, no longer live. */
  lost(): void;
}

/** How long after a list that failed it is asked for again. */
const retryListMs = 1_000;

const noList = 'the gateway sent no list';

/** Makes a feed. It asks for lists by itself when it missed something, and needs `lost()` to stop its timers. */
export function createRosterFeed(deps: RosterFeedDeps): RosterFeed {
  let sync: Sync = { view: emptyView };
  let follows: 'deltas' | 'lists' | undefined;
  let live = false;
  let connection = 0;
  let isReading = false;
  let listTimer: ReturnType<typeof setTimeout> | undefined;
  let graceTimer: ReturnType<typeof setTimeout> | undefined;

  const begin = (what: 'deltas' | 'lists'): void => {
    connection += 1;
    follows = what;
    sync = { view: sync.view };
  };

  const take = (view: RosterView, changes: readonly InstanceChange[]): void => {
    if (view.held.size > 0) graceTimer ??= setTimeout(release, deps.graceMs);
    sync = { ...sync, view };
    deps.onView(changes);
  };

  const takeSync = (outcome: SyncOutcome): void => {
    sync = outcome.sync;
    take(sync.view, outcome.changes);
    if (outcome.ask) readList();
  };

  const takeEntries = (value: unknown, version?: unknown, first = false): void => {
    const entries = readEntries(value);
    if (entries === undefined) throw new Error(noList);
    const list = { entries, first, nowMs: deps.serverNowMs(), ...(isCount(version) && { version }) };
    const { view, changes } = applyFullList(sync.view, list);
    take(view, changes);
  };

  const release = (): void => {
    graceTimer = undefined;
    const { view, changes } = releaseHeld(sync.view);
    take(view, changes);
  };

  const readList = (): void => {
    clearTimeout(listTimer);
    if (isReading) return;
    isReading = true;
    const asked = connection;
    const method = follows === 'deltas' ? 'presence.list' : 'system-presence';
    deps
      .request(method)
      .then((answer) => asked === connection && takeAnswer(answer))
      .catch((error: unknown) => asked === connection && retryList(method, error));
  };

  const takeAnswer = (answer: unknown): void => {
    isReading = false;
    if (follows === 'deltas') {
      const list = readPresenceList(answer);
      if (list === undefined) throw new Error(noList);
      live = true;
      takeSync(receiveList(sync, list));
    } else {
      takeEntries(answer);
      readListLater(deps.listIntervalMs);
    }
  };

  const retryList = (method: string, error: unknown): void => {
    isReading = false;
    deps.logger?.warn(`${method} failed, it is asked again: ${String(error)}`);
    const { retryAfterMs } = fields<{ retryAfterMs: number }>(error);
    readListLater(Math.max(retryListMs, retryAfterMs ?? 0));
  };

  const readListLater = (delayMs: number): void => {
    clearTimeout(listTimer);
    if (delayMs > 0) listTimer = setTimeout(readList, delayMs);
  };

  return {
    get view() {
      return sync.view;
    },
    get live() {
      return live;
    },
    followDeltas() {
      begin('deltas');
    },
    followLists(snapshot) {
      begin('lists');
      live = true;
      const { presence, stateVersion } = fields<{ presence: unknown; stateVersion: unknown }>(snapshot);
      const { presence: version } = fields<{ presence: unknown }>(stateVersion);
      takeEntries(presence, version, true);
      readListLater(deps.listIntervalMs);
    },
    delta(payload) {
      if (follows !== 'deltas') return;
      const delta = readPresenceDelta(payload);
      if (delta?.from === 0) live = true;
      takeSync(delta ? receiveDelta(sync, delta) : missedSomething(sync));
    },
    presence(payload, version) {
      if (follows === 'lists') takeEntries(fields<{ presence: unknown }>(payload).presence, version);
    },
    now(nowMs) {
      if (live) take(applyNow(sync.view, nowMs), []);
    },
    gap() {
      if (follows === 'deltas') takeSync(missedSomething(sync));
      if (follows === 'lists') readList();
    },
    lost() {
      connection += 1;
      follows = undefined;
      live = false;
      isReading = false;
      clearTimeout(listTimer);
      clearTimeout(graceTimer);
      graceTimer = undefined;
      sync = { view: sync.view };
    },
  };
}
