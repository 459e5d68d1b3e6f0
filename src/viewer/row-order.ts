import type { ListedRow } from '../core/index.ts';
import { presenceStateOf, presenceStates } from './presence-state.ts';

/** A row that an operator may have named (PO). */
export type NamedRow = ListedRow & { readonly annotations?: { readonly name?: string } };

/** What rows can be sorted by, on every surface, in the order in which it is offered. */
export const sortKeys = ['name', 'state', 'input', 'mode', 'connections', 'age'] as const;

/** One of {@link sortKeys}. */
export type SortKey = (typeof sortKeys)[number];

/** The key after `by`, cyclically. */
export function nextSortKey(by: SortKey): SortKey {
  return sortKeys[(sortKeys.indexOf(by) + 1) % sortKeys.length] ?? by;
}

/** A chosen sort order. */
export interface ChosenOrder {
  readonly by: SortKey;
  readonly descending: boolean;
}

/** An order of rows. */
export interface RowOrder extends ChosenOrder {
  /** Compares names as the viewer's language does; `pi-9` goes before `pi-10` when it is numeric. */
  readonly collator: Pick<Intl.Collator, 'compare'>;
}

/** The name of a row for people: the operator's name for it, its host, else the first id that it has; `undefined` when it has none. */
export function rowName(row: NamedRow): string | undefined {
  return row.annotations?.name ?? row.host ?? row.instanceId ?? row.deviceId ?? row.ip ?? row.text;
}

/**
 * Compares rows: the gateway that answers goes first whatever the order, rows without the value last in both directions, rows
 * that are equal in it by name, then by key. Ascending is from the newest age, the latest input, the most connections.
 *
 * Depends on the rows alone, not on the time, so a list that was in order stays so; `state` is sorted by {@link byState}.
 */
export function compareRows({ by, descending, collator }: RowOrder): (a: NamedRow, b: NamedRow) => number {
  const names = (a: NamedRow, b: NamedRow): number => collator.compare(rowName(a) ?? '', rowName(b) ?? '');
  const sign = descending ? -1 : 1;
  const value = values[by];
  return (a, b) =>
    Number(b.self ?? false) - Number(a.self ?? false) ||
    compareValues(value(a), value(b), sign, collator) ||
    names(a, b) ||
    compareKeys(a, b);
}

/** Splits an order by state, in the order of `presenceStates`; within a state it stays, and so does the gateway at the top. */
export function byState<Row extends NamedRow>(
  rows: readonly Row[],
  nowMs: number,
  descending: boolean,
): readonly Row[] {
  const order = descending ? [...presenceStates].reverse() : presenceStates;
  const rank = (row: Row): number => (row.self ? -1 : order.indexOf(presenceStateOf(row, nowMs)));
  const ranked = rows.map((row) => ({ row, rank: rank(row) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row);
}

/** Sorts rows at `nowMs` of the gateway's clock. */
export function sortRows<Row extends NamedRow>(
  rows: readonly Row[],
  order: RowOrder,
  nowMs: number,
): readonly Row[] {
  if (order.by !== 'state') return rows.toSorted(compareRows(order));
  return byState(rows.toSorted(compareRows({ ...order, descending: false })), nowMs, order.descending);
}

type Sortable = string | number | undefined;

const values: Readonly<Record<SortKey, (row: NamedRow) => Sortable>> = {
  name: rowName,
  state: () => undefined,
  age: (row) => -row.ts,
  input: ({ ts, lastInputSeconds }) =>
    lastInputSeconds === undefined ? undefined : lastInputSeconds * 1_000 - ts,
  mode: ({ mode }) => mode,
  connections: ({ connections }) => connections && -connections,
};

function compareValues(a: Sortable, b: Sortable, sign: number, collator: RowOrder['collator']): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'string' && typeof b === 'string') return sign * collator.compare(a, b);
  return a === b ? 0 : a < b ? -sign : sign;
}

function compareKeys(a: NamedRow, b: NamedRow): number {
  const [keyA, keyB] = [a.key ?? '', b.key ?? ''];
  return keyA === keyB ? 0 : keyA < keyB ? -1 : 1;
}
