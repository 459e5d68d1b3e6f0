import { type Instance, type Status, statusAt } from '../../client/index.ts';
import { type SortKey, statuses } from '../app/view-state.ts';
import { rowName } from './row-name.ts';

/** Negative when `a` goes before `b`. */
export type Compare = (a: Instance, b: Instance) => number;

/** How rows are ordered. */
export interface Ordering {
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Compares names the way the language of the page does. */
  readonly collator: Pick<Intl.Collator, 'compare'>;
}

/**
 * The comparison of an ordering: the gateway that answers goes first whatever the order, rows that are equal in it go by
 * name, then by key. It depends on the rows alone, not on the time; `status` is a matter of {@link byStatus}.
 */
export function compareBy({ sort, descending, collator }: Ordering): Compare {
  const names: Compare = (a, b) => collator.compare(rowName(a) ?? '', rowName(b) ?? '');
  const sign = descending ? -1 : 1;
  const wanted = (a: Instance, b: Instance): number => {
    if (sort === 'age') return sign * (b.ts - a.ts);
    if (sort === 'input') return compareInput(a, b, sign);
    return sort === 'host' ? sign * names(a, b) : 0;
  };
  return (a, b) =>
    Number(b.self ?? false) - Number(a.self ?? false) ||
    wanted(a, b) ||
    names(a, b) ||
    (a.key < b.key ? -1 : 1);
}

/** Latest input first; rows that never reported any go last, in both directions. */
function compareInput(a: Instance, b: Instance, sign: number): number {
  const [inputA, inputB] = [inputMs(a), inputMs(b)];
  if (inputA === undefined || inputB === undefined) {
    return Number(inputA === undefined) - Number(inputB === undefined);
  }
  return sign * (inputB - inputA);
}

function inputMs({ ts, lastInputSeconds }: Instance): number | undefined {
  return lastInputSeconds === undefined ? undefined : ts - lastInputSeconds * 1_000;
}

/** Splits an order by status, freshest first; within a status the order stays, and so does the gateway at the top. */
export function byStatus(rows: readonly Instance[], nowMs: number, descending: boolean): readonly Instance[] {
  const order: readonly Status[] = descending ? [...statuses].reverse() : statuses;
  const others = rows.filter((row) => !row.self);
  return [
    ...rows.filter((row) => row.self),
    ...order.flatMap((status) => others.filter((row) => statusAt(row, nowMs) === status)),
  ];
}

/**
 * Orders rows, given the order of a moment ago by the same comparison.
 *
 * Rows are immutable, so one that is still the same object is still in its place: only new and changed rows are sorted,
 * then merged.
 */
export function reorder(
  before: readonly Instance[],
  rows: readonly Instance[],
  compare: Compare,
): readonly Instance[] {
  const now = new Set(rows);
  const kept = before.filter((row) => now.has(row));
  if (kept.length === rows.length && kept.length === before.length) return before;
  const known = new Set(kept);
  const fresh = rows.filter((row) => !known.has(row)).sort(compare);
  return merge(kept, fresh, compare);
}

function merge(a: readonly Instance[], b: readonly Instance[], compare: Compare): readonly Instance[] {
  const merged: Instance[] = [];
  let taken = 0;
  for (const row of a) {
    for (let next = b[taken]; next !== undefined && compare(next, row) < 0; next = b[taken]) {
      merged.push(next);
      taken += 1;
    }
    merged.push(row);
  }
  for (const row of b.slice(taken)) merged.push(row);
  return merged;
}
