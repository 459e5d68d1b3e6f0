import type { Instance } from '../../client/index.ts';

/** Negative when `a` goes before `b`. */
type Compare = (a: Instance, b: Instance) => number;

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
