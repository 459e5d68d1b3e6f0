import type { Instance } from '../../client/index.ts';

/** A row in its place. */
export interface PlacedRow {
  readonly instance: Instance;
  /** It has left the roster and only keeps its place. */
  readonly gone: boolean;
}

/**
 * Shows the newest facts in the places of a moment ago, for a person who is pointing at them.
 *
 * Rows keep their places even when they sort elsewhere, no longer match, or are gone; new ones go to the end. So whatever
 * a person is about to press stays under the pointer.
 *
 * @param before what is shown.
 * @param wanted rows that match, in the order they would have.
 * @param all every row of the roster by key.
 */
export function holdOrder(
  before: readonly PlacedRow[],
  wanted: readonly Instance[],
  all: ReadonlyMap<string, Instance>,
): readonly PlacedRow[] {
  const held = before.map(({ instance }) => {
    const newest = all.get(instance.key);
    return { instance: newest ?? instance, gone: newest === undefined };
  });
  const known = new Set(before.map(({ instance }) => instance.key));
  const fresh = wanted.filter((row) => !known.has(row.key)).map(inPlace);
  return [...held, ...fresh];
}

/** A row of the roster, in the place where it belongs. */
export function inPlace(instance: Instance): PlacedRow {
  return { instance, gone: false };
}

/** Whether what is shown is what would be shown if nobody pointed at it. */
export function isInOrder(shown: readonly PlacedRow[], wanted: readonly Instance[]): boolean {
  return (
    shown.length === wanted.length &&
    shown.every((row, i) => row.instance.key === wanted[i]?.key && !row.gone)
  );
}
