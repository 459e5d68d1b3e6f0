import type { Instance } from '../../client/index.ts';
import { compareRows, type RowOrder } from '../../viewer/index.ts';
import { annotationsOf } from '../format/names.ts';

/** Negative when `a` goes before `b`. */
export type Compare = (a: Instance, b: Instance) => number;

/** The order of every surface, with pinned rows first, after the gateway that answers. */
export function compareBy(order: RowOrder): Compare {
  const compare = compareRows(order);
  const rank = (row: Instance): number => (row.self || annotationsOf(row).pin ? 0 : 1);
  return (a, b) => rank(a) - rank(b) || compare(a, b);
}

/**
 * Sorts rows, given their previous order by the same comparison.
 *
 * Rows are immutable, so one that is the same object has kept its position: only new and changed rows are compared, each
 * with as many others as a binary search needs.
 */
export function reorder(
  before: readonly Instance[],
  rows: readonly Instance[],
  compare: Compare,
): readonly Instance[] {
  const now = new Set(rows);
  const kept = before.filter((row) => now.delete(row));
  if (now.size === 0 && kept.length === before.length) return before;
  const fresh = [...now].sort(compare);
  return merge(kept, fresh, compare);
}

/** Each of `b` goes where a binary search in the rest of `a` puts it. */
function merge(a: readonly Instance[], b: readonly Instance[], compare: Compare): readonly Instance[] {
  if (a.length === 0) return b;
  const merged: Instance[] = [];
  let taken = 0;
  for (const row of b) {
    const place = placeOf(row, a, taken, compare);
    for (; taken < place; taken += 1) merged.push(a[taken] as Instance);
    merged.push(row);
  }
  for (; taken < a.length; taken += 1) merged.push(a[taken] as Instance);
  return merged;
}

function placeOf(row: Instance, sorted: readonly Instance[], from: number, compare: Compare): number {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(row, sorted[middle] as Instance) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
