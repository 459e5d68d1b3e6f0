import type { Instance } from '../../../client/index.ts';
import type { SortKey } from '../../../viewer/index.ts';
import { gatewaysOf } from '../../format/names.ts';
import type { FirstWords } from '../../i18n/words.ts';

export type ColumnName = keyof FirstWords['columns'];

/** One column of the list. */
interface Column {
  readonly name: ColumnName;
  readonly sort?: SortKey;
  /** Least width, in `rem`. */
  readonly least: number;
  /** Share of the room that is left; 0 for a column of fixed width. */
  readonly share: number;
  /** The column with the highest number is dropped first when the width is too small. */
  readonly rank: number;
  /** Whether a row has something to show in it; absent where every row has. */
  readonly has?: (row: Instance) => boolean;
}

/** The columns, from the left. */
export const columns: readonly Column[] = [
  { name: 'instance', sort: 'name', least: 14, share: 2.5, rank: 0 },
  { name: 'state', sort: 'state', least: 13, share: 1.85, rank: 0 },
  { name: 'hour', least: 9.5, share: 0, rank: 2, has: (row) => row.firstSeenAtMs !== undefined },
  { name: 'where', least: 8.5, share: 1, rank: 5, has: (row) => row.ip !== undefined },
  {
    name: 'machine',
    least: 11,
    share: 1.8,
    rank: 3,
    has: (row) => (row.platform ?? row.modelIdentifier ?? row.deviceFamily) !== undefined,
  },
  { name: 'kind', sort: 'mode', least: 7, share: 0.9, rank: 1, has: (row) => row.mode !== undefined },
  { name: 'version', least: 6, share: 0.6, rank: 7, has: (row) => row.version !== undefined },
  { name: 'gateway', least: 6.5, share: 0.8, rank: 4, has: (row) => gatewaysOf(row).length > 0 },
  {
    name: 'input',
    sort: 'input',
    least: 6.5,
    share: 0.7,
    rank: 6,
    has: (row) => row.lastInputSeconds !== undefined,
  },
  { name: 'updated', sort: 'age', least: 6, share: 0.7, rank: 8 },
];

/** Columns that a person can hide. */
export const optionalColumns: readonly ColumnName[] = columns
  .filter(({ rank }) => rank > 0)
  .map(({ name }) => name);

/** Gap between two columns, in `rem`. */
const gap = 1;

/** The columns in which some row has something to show; hidden ones are left out. */
export function usefulColumns(rows: readonly Instance[], hidden: readonly string[]): readonly Column[] {
  return columns.filter(
    ({ name, has }) => !hidden.includes(name) && (has === undefined || rows.some((row) => has(row))),
  );
}

/** As many of them as fit into a width in `rem`, the most important first, in their order. */
export function fittingColumns(useful: readonly Column[], width: number): readonly Column[] {
  let room = width;
  const chosen = new Set<ColumnName>();
  for (const { name, least, rank } of [...useful].sort((a, b) => a.rank - b.rank)) {
    room -= least + gap;
    if (room < 0 && rank > 0) break;
    chosen.add(name);
  }
  return useful.filter(({ name }) => chosen.has(name));
}

/** The value of `grid-template-columns`. */
export function gridOf(shown: readonly Column[]): string {
  return shown.map(({ least, share }) => (share === 0 ? `${least}rem` : `minmax(0, ${share}fr)`)).join(' ');
}
