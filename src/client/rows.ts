import type { Instance, InstanceChange } from './instance.ts';
import { sameValue } from './same-value.ts';

type Rows = ReadonlyMap<string, Instance>;

/** Self first, then newest first; rows of the same moment by key, so that every viewer shows one order. */
export function sortRows(rows: Rows): readonly Instance[] {
  return [...rows.values()].sort(
    (a, b) => Number(b.self ?? false) - Number(a.self ?? false) || b.ts - a.ts || (a.key < b.key ? -1 : 1),
  );
}

/** Makes the gateway's own row as fresh as `nowMs` (PR2). */
export function refreshSelf(rows: Map<string, Instance>, nowMs: number): void {
  for (const [key, row] of rows) {
    if (row.self && row.ts !== nowMs) rows.set(key, { ...row, ts: nowMs });
  }
}

/** Puts the former object of every row that did not change back in its place; true when that is all of them. */
export function keepIdentity(before: Rows, after: Map<string, Instance>): boolean {
  let isSame = before.size === after.size;
  for (const [key, row] of after) {
    const former = before.get(key);
    if (former !== undefined && sameValue(former, row)) after.set(key, former);
    else isSame = false;
  }
  return isSame;
}

/**
 * What changed for people between two sets of rows.
 *
 * Needs identities kept. A row that moved to another key is one update (PK8), and a self row whose `ts` alone went on is
 * no change. First what left, then updates and joins in the order of `after`.
 */
export function changesBetween(before: Rows, after: Rows): readonly InstanceChange[] {
  const gone = [...before.values()].filter((row) => !after.has(row.key));
  const moved = new Map<Instance, Instance>();
  const arrived: InstanceChange[] = [];
  for (const instance of after.values()) {
    const change = changeOf(instance, before, gone, moved);
    if (change) arrived.push(change);
  }
  const left = gone.filter((row) => !moved.has(row));
  return [...left.map((instance) => ({ kind: 'leave', key: instance.key, instance }) as const), ...arrived];
}

function changeOf(
  instance: Instance,
  before: Rows,
  gone: readonly Instance[],
  moved: Map<Instance, Instance>,
): InstanceChange | undefined {
  const { key } = instance;
  const previous = before.get(key);
  if (previous === instance) return undefined;
  if (previous)
    return isOnlyFresher(previous, instance) ? undefined : { kind: 'update', key, instance, previous };
  const origin = gone.find((row) => !moved.has(row) && isSameRow(row, instance));
  if (origin === undefined) return { kind: 'join', key, instance };
  moved.set(origin, instance);
  return { kind: 'update', key, instance, previous: origin, previousKey: origin.key };
}

function isOnlyFresher(previous: Instance, instance: Instance): boolean {
  return Boolean(instance.self) && sameValue({ ...previous, ts: instance.ts }, instance);
}

/** A connection takes over the row of its own device and mode; the row keeps the moment it was first seen. */
function isSameRow(a: Instance, b: Instance): boolean {
  return (
    a.deviceId !== undefined &&
    a.firstSeenAtMs !== undefined &&
    a.deviceId === b.deviceId &&
    a.firstSeenAtMs === b.firstSeenAtMs &&
    a.mode === b.mode
  );
}
