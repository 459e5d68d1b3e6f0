import { sameValue } from '../core/same-value.ts';
import type { Instance, InstanceChange } from './instance.ts';

/** Rows before and after one input, as far as they differ; identities are kept where nothing changed. */
export interface RosterDiff {
  readonly gone: readonly Instance[];
  /** Rows that are new or different, in the order in which they came. */
  readonly written: readonly Written[];
}

/** A row that was written, and what was there before. */
export interface Written {
  readonly instance: Instance;
  readonly previous: Instance | undefined;
}

/**
 * What an input changes: `wanted` names each row that it touches, undefined for one that is removed. Only these rows are compared.
 *
 * A row of the same content as before is no change and keeps its object.
 */
export function diffOf(
  wanted: ReadonlyMap<string, Instance | undefined>,
  rowOf: (key: string) => Instance | undefined,
): RosterDiff {
  const gone: Instance[] = [];
  const written: Written[] = [];
  for (const [key, instance] of wanted) {
    const previous = rowOf(key);
    if (instance === undefined) {
      if (previous) gone.push(previous);
    } else if (!isSameRow(previous, instance)) written.push({ instance, previous });
  }
  return { gone, written };
}

/**
 * The diff as people see it: first what left, then updates and joins in the order in which they came.
 *
 * A row that moved to another key is one update (PK8). A self row of which only `ts` advanced is no change.
 */
export function changesOf({ gone, written }: RosterDiff): readonly InstanceChange[] {
  const origins = originsOf(gone);
  const moved = new Set<Instance>();
  const arrived = written.flatMap(({ instance, previous }): InstanceChange[] => {
    const { key } = instance;
    if (previous)
      return isOnlyFresher(previous, instance) ? [] : [{ kind: 'update', key, instance, previous }];
    const origin = originName(instance) && origins.get(originName(instance))?.shift();
    if (!origin) return [{ kind: 'join', key, instance }];
    moved.add(origin);
    return [{ kind: 'update', key, instance, previous: origin, previousKey: origin.key }];
  });
  const left = gone.filter((row) => !moved.has(row));
  return [
    ...left.map((instance): InstanceChange => ({ kind: 'leave', key: instance.key, instance })),
    ...arrived,
  ];
}

/** Removed rows, by what identifies the same instance under a new key. */
function originsOf(gone: readonly Instance[]): ReadonlyMap<string, Instance[]> {
  const origins = new Map<string, Instance[]>();
  for (const row of gone) {
    const name = originName(row);
    if (name === '') continue;
    const others = origins.get(name);
    if (others) others.push(row);
    else origins.set(name, [row]);
  }
  return origins;
}

/** A connection takes over the row of its own device and mode; the row keeps the moment it was first seen. */
function originName({ deviceId, firstSeenAtMs, mode }: Instance): string {
  if (deviceId === undefined || firstSeenAtMs === undefined) return '';
  return JSON.stringify([deviceId, firstSeenAtMs, mode]);
}

function isSameRow(a: Instance | undefined, b: Instance): boolean {
  return a === b || (a !== undefined && a.ts === b.ts && sameValue(a, b));
}

function isOnlyFresher(previous: Instance, instance: Instance): boolean {
  return Boolean(instance.self) && sameValue({ ...previous, ts: instance.ts }, instance);
}
