import type { Instance } from '../../client/index.ts';

/** A row at its position. */
export interface PlacedRow {
  readonly instance: Instance;
  /** True for a row that was removed and only keeps its position. */
  readonly gone: boolean;
  /** Its section; see `sections.ts`. */
  readonly section: string;
}

/** The section of rows that arrived while positions were held. */
const arrivedSection = 'arrived';

/**
 * Updates rows without moving them, while a person is pointing at the list.
 *
 * Rows keep their positions and sections even when they sort elsewhere, no longer match, or are removed; new ones go to the end. So
 * whatever a person is about to press stays under the pointer.
 *
 * @param before what is shown.
 * @param wanted rows that match, in the order they would have.
 * @param all every row of the roster by key.
 */
export function holdOrder(
  before: readonly PlacedRow[],
  wanted: readonly PlacedRow[],
  all: ReadonlyMap<string, Instance>,
): readonly PlacedRow[] {
  const known = new Set<string>();
  const held = before.map((row) => {
    known.add(row.instance.key);
    const newest = all.get(row.instance.key);
    if (newest === row.instance && !row.gone) return row;
    return { ...row, instance: newest ?? row.instance, gone: newest === undefined };
  });
  const fresh = wanted.filter(({ instance }) => !known.has(instance.key));
  return [...held, ...fresh.map((row) => ({ ...row, section: arrivedSection }))];
}

/** Whether the held list equals the sorted one. */
export function isInOrder(shown: readonly PlacedRow[], wanted: readonly PlacedRow[]): boolean {
  if (shown === wanted) return true;
  return (
    shown.length === wanted.length &&
    shown.every((row, i) => {
      const other = wanted[i];
      return row.instance.key === other?.instance.key && row.section === other.section && !row.gone;
    })
  );
}
