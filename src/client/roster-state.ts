import type { PresenceEntry } from '../core/entry.ts';
import { keyEntries } from './entry-keys.ts';
import { compareInstances, type Instance, type InstanceChange, type RosterSnapshot } from './instance.ts';
import { changesOf, diffOf, type RosterDiff } from './roster-diff.ts';
import { RowMap } from './row-map.ts';
import { compareText, SortedList } from './sorted-list.ts';
import type { PresenceDelta, PresenceList } from './wire.ts';

/**
 * The state of a client's roster, immutable. Every function here is pure and, for a delta or a tick, costs as much as
 * changed, at any number of rows.
 */
export interface RosterState {
  /** The run of the gateway that `version` counts in; undefined before the first list, and with gateways that do not send it. */
  readonly epoch: string | undefined;
  readonly version: number;
  /** The gateway's clock, in milliseconds since the epoch, in whatever was received last. */
  readonly nowMs: number;
  /** True while it is the roster of the gateway, but for changes in transit. */
  readonly live: boolean;
  /** The gateway's own row, always as fresh as `nowMs` (PR2); several where full lists show a cluster. By key. */
  readonly selves: readonly Instance[];
  /** All other rows. */
  readonly byKey: RowMap<Instance>;
  readonly newestFirst: SortedList<Instance>;
  /** Keys of rows of the gateway's former run, kept until `releaseHeld`: their clients may be reconnecting. */
  readonly held: SortedList<string>;
  /** Set while a list is requested: the deltas that wait for it. */
  readonly waiting?: readonly PresenceDelta[] | undefined;
  readonly maxEntries?: number | undefined;
  readonly truncated?: boolean | undefined;
  readonly journalCursor?: string | undefined;
}

/** A state after an input. */
export interface Outcome {
  readonly state: RosterState;
  /** What changed for people. */
  readonly changes: readonly InstanceChange[];
  /** True when something was missed: `presence.list` must be requested now. */
  readonly ask?: boolean;
}

/** A full list as an OpenClaw gateway sends it. */
export interface FullList {
  readonly entries: readonly PresenceEntry[];
  /** `stateVersion.presence`; absent in answers of `system-presence`, which are always newest. */
  readonly version?: number;
  readonly nowMs: number;
  /** The first list of a connection: its versions may belong to another run of the gateway. */
  readonly first?: boolean;
}

/** More deltas than this need not wait: the gap that they leave causes another request of the list. */
const maxWaiting = 256;

const noKeys = SortedList.of<string>(compareText);

/** The state before anything was received. */
export const emptyState: RosterState = Object.freeze({
  epoch: undefined,
  version: 0,
  nowMs: 0,
  live: false,
  selves: [],
  byKey: RowMap.of<Instance>(),
  newestFirst: SortedList.of<Instance>(compareInstances),
  held: noKeys,
});

/** One row by its key. */
export function rowOf({ selves, byKey }: RosterState, key: string): Instance | undefined {
  return selves.find((row) => row.key === key) ?? byKey.get(key);
}

/** The state as it is given to readers; its rows are assembled when they are first read. */
export function snapshotOf(state: RosterState): RosterSnapshot {
  return new Snapshot(state);
}

/** A class, because an accessor in an object literal costs more than applying a delta. */
class Snapshot implements RosterSnapshot {
  readonly version: number;
  declare readonly epoch?: string;
  readonly nowMs: number;
  readonly live: boolean;
  declare readonly asOfMs?: number;
  declare readonly maxEntries?: number;
  declare readonly truncated?: boolean;
  declare readonly journalCursor?: string;
  readonly #state: RosterState;
  #instances: readonly Instance[] | undefined;

  constructor(state: RosterState) {
    const { version, epoch, nowMs, live, maxEntries, truncated, journalCursor } = state;
    this.#state = state;
    this.version = version;
    this.nowMs = nowMs;
    this.live = live;
    if (epoch !== undefined) this.epoch = epoch;
    if (!live && nowMs > 0) this.asOfMs = nowMs;
    if (maxEntries !== undefined) this.maxEntries = maxEntries;
    if (truncated !== undefined) this.truncated = truncated;
    if (journalCursor !== undefined) this.journalCursor = journalCursor;
  }

  get instances(): readonly Instance[] {
    this.#instances ??= [...this.#state.selves, ...this.#state.newestFirst.toArray()];
    return this.#instances;
  }

  /** For `JSON.stringify`, which writes own members only. */
  toJSON(): object {
    return { ...this, instances: this.instances };
  }
}

/**
 * Takes a `presence.delta` by the table in docs/protocol.md (PE2): applies it, keeps it until after the list that was requested,
 * or requests the list.
 */
export function receiveDelta(state: RosterState, delta: PresenceDelta): Outcome {
  if (state.waiting) return { state: wait(state, delta), changes: [] };
  const outcome = applyDelta(state, delta);
  return outcome ?? { state: { ...state, waiting: [delta] }, changes: [], ask: true };
}

/** Takes an answer of `presence.list`, then the deltas that waited; requests it again when they do not follow on it. */
export function receiveList({ waiting = [], ...state }: RosterState, list: PresenceList): Outcome {
  let outcome = applyList(state, list);
  const changes = [...outcome.changes];
  for (const [index, delta] of waiting.entries()) {
    const next = applyDelta(outcome.state, delta);
    if (next === undefined)
      return { state: { ...outcome.state, waiting: waiting.slice(index) }, changes, ask: true };
    changes.push(...next.changes);
    outcome = next;
  }
  return { state: { ...outcome.state, live: true }, changes };
}

/**
 * Takes a full list, of a `presence` event, a hello snapshot or `system-presence`.
 *
 * An event that is older than the state changes nothing. On the first list of a connection, rows that are missing
 * are held: such a gateway does not send whether it restarted.
 */
export function receiveFullList(state: RosterState, list: FullList): Outcome {
  const { version = state.version, first = false } = list;
  if (!first && list.version !== undefined && version <= state.version) return { state, changes: [] };
  const rows = keyEntries(list.entries, (key) => rowOf(state, key));
  const nowMs = rows.reduce((latest, row) => (row.self ? Math.max(latest, row.ts) : latest), list.nowMs);
  return replaceRows(state, rows, { epoch: undefined, version, nowMs, live: true }, first);
}

/** The gateway's clock advanced; its own row is always as fresh as that (PR2). */
export function receiveNow(state: RosterState, nowMs: number): RosterState {
  return copyWith(state, { nowMs, selves: renewed(state.selves, nowMs) });
}

/** Something was missed: the list must be requested, unless it is already. */
export function missedSomething(state: RosterState): Outcome {
  return { state: { ...state, waiting: state.waiting ?? [] }, changes: [], ask: !state.waiting };
}

/** Removes the held rows: their clients did not come back. */
export function releaseHeld(state: RosterState): Outcome {
  const wanted = new Map([...state.held].map((key) => [key, undefined]));
  return settle(
    state,
    diffOf(wanted, (key) => rowOf(state, key)),
    { held: noKeys },
  );
}

/** The connection is gone, or another one begins: the rows stay, no longer live, and no list is pending. */
export function disconnect(state: RosterState): RosterState {
  return { ...state, live: false, waiting: undefined };
}

/** Undefined when the delta does not follow on the state. */
function applyDelta(state: RosterState, delta: PresenceDelta): Outcome | undefined {
  const { epoch, from, to: version, now: nowMs, upsert, remove } = delta;
  if (from === 0) {
    const { state: next, changes } = applyList(state, { epoch, version, now: nowMs, instances: upsert });
    return { state: { ...next, live: true }, changes };
  }
  if (epoch !== state.epoch || from > state.version) return undefined;
  if (version <= state.version) return { state, changes: [] };
  const wanted = new Map<string, Instance | undefined>();
  for (const key of remove) wanted.set(key, undefined);
  for (const row of upsert) want(wanted, row, nowMs);
  const diff = diffOf(wanted, (key) => rowOf(state, key));
  const held = state.held.size === 0 ? state.held : state.held.change([...wanted.keys()], []);
  return settle(state, diff, { version, nowMs, held });
}

/** A list that is older than the state changes nothing. */
function applyList(state: RosterState, list: PresenceList): Outcome {
  if (list.epoch === state.epoch && list.version < state.version) return { state, changes: [] };
  const { epoch, version, now: nowMs, instances, ...room } = list;
  return replaceRows(state, instances, { ...room, epoch, version, nowMs }, epoch !== state.epoch);
}

/** Rows that are missing leave; those that were held already, or all of them with `hold`, stay held. */
function replaceRows(
  state: RosterState,
  rows: readonly Instance[],
  known: Partial<RosterState> & { readonly nowMs: number },
  hold: boolean,
): Outcome {
  const wanted = new Map<string, Instance | undefined>();
  for (const row of rows) want(wanted, row, known.nowMs);
  const held: string[] = [];
  for (const { key } of state.newestFirst) {
    if (wanted.has(key)) continue;
    if (hold || state.held.find(key)) held.push(key);
    else wanted.set(key, undefined);
  }
  for (const { key } of state.selves) if (!wanted.has(key)) wanted.set(key, undefined);
  const diff = diffOf(wanted, (key) => rowOf(state, key));
  return settle(state, diff, { ...known, held: noKeys.change([], held) });
}

function want(wanted: Map<string, Instance | undefined>, row: Instance, nowMs: number): void {
  wanted.delete(row.key);
  wanted.set(row.key, row.self ? fresh(row, nowMs) : row);
}

function settle(state: RosterState, diff: RosterDiff, known: Partial<RosterState>): Outcome {
  const replaced = diff.written.flatMap(({ previous }) => previous ?? []);
  const before = [...diff.gone, ...replaced];
  const after = diff.written.map(({ instance }) => instance);
  const newestFirst = state.newestFirst.change(before.filter(isOther), after.filter(isOther));
  const selves = selvesAfter(state.selves, before, after);
  const rows = {
    selves: renewed(selves, known.nowMs ?? state.nowMs),
    byKey: keyed(state.byKey, diff, newestFirst),
    newestFirst,
  };
  return { state: copyWith(state, { ...known, ...rows }), changes: changesOf(diff) };
}

/** The map is rebuilt where that is less work than changing it. */
function keyed(byKey: RowMap<Instance>, diff: RosterDiff, rows: SortedList<Instance>): RowMap<Instance> {
  const { gone, written } = diff;
  if ((gone.length + written.length) * 4 > rows.size) return RowMap.of(rows.toArray());
  let next = byKey;
  for (const { key } of gone) next = next.without(key);
  for (const { instance } of written) next = instance.self ? next.without(instance.key) : next.with(instance);
  return next;
}

function selvesAfter(
  selves: readonly Instance[],
  before: readonly Instance[],
  after: readonly Instance[],
): readonly Instance[] {
  if (before.every(isOther) && after.every(isOther)) return selves;
  const touched = new Set([...before, ...after].map(({ key }) => key));
  const kept = selves.filter(({ key }) => !touched.has(key));
  return [...kept, ...after.filter((row) => !isOther(row))].sort((a, b) => compareText(a.key, b.key));
}

function isOther({ self }: Instance): boolean {
  return !self;
}

function renewed(selves: readonly Instance[], nowMs: number): readonly Instance[] {
  return selves.every(({ ts }) => ts === nowMs) ? selves : selves.map((row) => fresh(row, nowMs));
}

function fresh(row: Instance, nowMs: number): Instance {
  return row.ts === nowMs ? row : copyWith(row, { ts: nowMs });
}

/** A spread over members that are there already takes twice as long in V8, and this is most of a tick. */
function copyWith<T extends object>(object: T, members: Partial<T>): T {
  return Object.assign({ ...object }, members);
}

function wait(state: RosterState, delta: PresenceDelta): RosterState {
  const { waiting = [] } = state;
  return { ...state, waiting: waiting.length < maxWaiting ? [...waiting, delta] : [delta] };
}
