import type { PresenceEntry } from '../core/entry.ts';
import { keyEntries } from './entry-keys.ts';
import type { Instance, InstanceChange } from './instance.ts';
import { changesBetween, keepIdentity, refreshSelf, sortRows } from './rows.ts';
import type { PresenceDelta, PresenceList } from './wire.ts';

/** What a viewer knows of a roster, immutable. */
export interface RosterView {
  /** The run of the gateway that `version` counts in; undefined before the first list, and with gateways that do not tell. */
  readonly epoch: string | undefined;
  readonly version: number;
  /** The gateway's clock, in milliseconds since the epoch, in whatever was received last. */
  readonly nowMs: number;
  /** Self first, then newest first. */
  readonly instances: readonly Instance[];
  readonly rows: ReadonlyMap<string, Instance>;
  /** Keys of rows of the gateway's former run, kept until `releaseHeld`: their clients may be on their way back. */
  readonly held: ReadonlySet<string>;
  readonly maxEntries?: number;
  readonly truncated?: boolean;
}

/** A view after an input, what changed for people, and whether the whole list must be read because something was missed. */
export interface Outcome {
  readonly view: RosterView;
  readonly changes: readonly InstanceChange[];
  readonly needs?: 'list';
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

/** The view before anything was received. */
export const emptyView: RosterView = Object.freeze({
  epoch: undefined,
  version: 0,
  nowMs: 0,
  instances: [],
  rows: new Map(),
  held: new Set<string>(),
});

/** Applies an answer of `presence.list`. One that is older than the view changes nothing. */
export function applyList(view: RosterView, list: PresenceList): Outcome {
  if (list.epoch === view.epoch && list.version < view.version) return unchanged(view);
  const { instances, now: nowMs, ...known } = list;
  const hold = list.epoch === view.epoch ? view.held : new Set(view.rows.keys());
  return replaceRows(view, instances, { ...known, nowMs }, hold);
}

/** Applies a `presence.delta` by the table in docs/protocol.md (PE2). A delta that was missed makes it `needs: 'list'`. */
export function applyDelta(view: RosterView, delta: PresenceDelta): Outcome {
  const { epoch, from, to: version, now, upsert: instances } = delta;
  if (from === 0) return applyList(view, { epoch, version, now, instances });
  if (epoch !== view.epoch || from > view.version) return { ...unchanged(view), needs: 'list' };
  if (version <= view.version) return unchanged(view);
  const rows = new Map(view.rows);
  for (const key of delta.remove) rows.delete(key);
  for (const row of instances) {
    rows.delete(row.key);
    rows.set(row.key, row);
  }
  return settle(view, rows, { version, nowMs: now, held: stillHeld(view, rows) });
}

/**
 * Applies a full list, of a `presence` event, a hello snapshot or `system-presence`.
 *
 * An event that is older than the view changes nothing. On the first list of a connection, rows that are missing
 * are held: such a gateway does not tell whether it restarted.
 */
export function applyFullList(view: RosterView, list: FullList): Outcome {
  const { version = view.version, first = false } = list;
  if (!first && list.version !== undefined && version <= view.version) return unchanged(view);
  const hold = first ? new Set(view.rows.keys()) : view.held;
  const instances = keyEntries(list.entries, view.rows);
  const nowMs = instances.reduce((latest, row) => (row.self ? Math.max(latest, row.ts) : latest), list.nowMs);
  return replaceRows(view, instances, { epoch: undefined, version, nowMs }, hold);
}

/** The gateway's clock went on; the gateway's own row is always as fresh as that (PR2). */
export function applyNow(view: RosterView, nowMs: number): RosterView {
  return settle(view, new Map(view.rows), { nowMs }).view;
}

/** Believes that the held rows are gone: nobody came back for them. */
export function releaseHeld(view: RosterView): Outcome {
  const rows = new Map(view.rows);
  for (const key of view.held) rows.delete(key);
  return settle(view, rows, { held: emptyView.held });
}

function unchanged(view: RosterView): Outcome {
  return { view, changes: [] };
}

function replaceRows(
  view: RosterView,
  instances: readonly Instance[],
  known: Partial<RosterView>,
  hold: ReadonlySet<string>,
): Outcome {
  const rows = new Map(instances.map((row) => [row.key, row]));
  const held = new Set<string>();
  for (const key of hold) {
    const row = view.rows.get(key);
    if (row === undefined || row.self || rows.has(key)) continue;
    rows.set(key, row);
    held.add(key);
  }
  return settle(view, rows, { ...known, held });
}

function settle(view: RosterView, rows: Map<string, Instance>, known: Partial<RosterView>): Outcome {
  refreshSelf(rows, known.nowMs ?? view.nowMs);
  const next = { ...view, ...known };
  if (keepIdentity(view.rows, rows)) return unchanged(next);
  return {
    view: { ...next, rows, instances: sortRows(rows) },
    changes: changesBetween(view.rows, rows),
  };
}

/** A held row that came back is another object, one that left is none. */
function stillHeld({ held, rows }: RosterView, after: ReadonlyMap<string, Instance>): ReadonlySet<string> {
  if (held.size === 0) return held;
  return new Set([...held].filter((key) => after.get(key) === rows.get(key)));
}
