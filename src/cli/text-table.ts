import { displayWidth } from './display-width.ts';

/** One column of a table for people. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** A shorter cell, for a terminal in which the columns that are never dropped would not fit. */
  readonly shortCell?: (row: Row) => string;
  /** In a narrow terminal the column with the highest number is dropped first; 0 is never dropped. */
  readonly dropRank: number;
  /** In a narrow terminal the cells of this column may be cut to this width; further only when that is not enough. */
  readonly minWidth?: number;
  /** Least width, so that a cell that changes every second does not move its neighbours. */
  readonly steadyWidth?: number;
  /** Decorates the padded cell, for example with colour. */
  readonly paint?: (padded: string, row: Row) => string;
}

const gap = '  ';

/** Input of a table. */
export interface TableOptions<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** `undefined` when there is no limit. */
  readonly width: number | undefined;
  /** The part of `rows` that is printed; all by default. Columns are as wide as all rows need. */
  readonly shown?: { readonly from: number; readonly count: number };
}

/** A table, each row on a line of its own, without trailing blanks. */
export interface Table {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * Lays rows out in columns, one line per row.
 *
 * Columns with only empty cells are left out. In a terminal of `width` columns, columns are dropped by
 * `dropRank` until the table fits, then the cells that may be cut are cut, those that must not never. Where that is not enough,
 * all of this begins anew with short cells. Wide characters count as two.
 */
export function layRows<Row>(options: TableOptions<Row>): Table {
  const { rows, width = Number.POSITIVE_INFINITY, shown = { from: 0, count: rows.length } } = options;
  const measured = options.columns.map((column) => measure(column, rows)).filter((column) => column.used);
  const worded = hasRoom(measured, width) ? measured : measured.map((column) => inFewWords(column, rows));
  const fitted = shrink(drop(worded, width), width);
  const line = (cells: readonly string[]): string => cells.join(gap).trimEnd();
  return {
    title: line(fitted.map(({ column, size }) => padTo(column.title, size))),
    lines: rows
      .slice(shown.from, shown.from + shown.count)
      .map((row) => line(fitted.map((column) => cellText(column, row)))),
  };
}

/** The table of {@link layRows} as one text, the titles first. */
export function layTable<Row>(
  options: TableOptions<Row> & { readonly paintTitle?: (title: string) => string },
): string {
  const { paintTitle = (title) => title } = options;
  const { title, lines } = layRows(options);
  return [paintTitle(title), ...lines].join('\n');
}

interface Measured<Row> {
  readonly column: Column<Row>;
  readonly size: number;
  readonly used: boolean;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[]): Measured<Row> {
  const cells = rows.map(column.cell);
  const least = Math.max(displayWidth(column.title), column.steadyWidth ?? 0);
  const size = cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), least);
  return { column, size, used: column.dropRank === 0 || cells.some((cell) => cell !== '') };
}

/** True when the columns that are never dropped fit without being cut below their own least width. */
function hasRoom<Row>(columns: readonly Measured<Row>[], width: number): boolean {
  return totalWidth(atLeast(columns.filter(({ column }) => column.dropRank === 0))) <= width;
}

function inFewWords<Row>(measured: Measured<Row>, rows: readonly Row[]): Measured<Row> {
  const { shortCell, ...column } = measured.column;
  return shortCell === undefined ? measured : measure({ ...column, cell: shortCell }, rows);
}

function atLeast<Row>(columns: readonly Measured<Row>[]): readonly Measured<Row>[] {
  return columns.map((column) => ({
    ...column,
    size: Math.min(column.size, column.column.minWidth ?? column.size),
  }));
}

function totalWidth<Row>(columns: readonly Measured<Row>[]): number {
  return columns.reduce((sum, column) => sum + column.size + gap.length, -gap.length);
}

function drop<Row>(columns: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  if (totalWidth(atLeast(columns)) <= width) return columns;
  const worst = columns.reduce((rank, { column }) => Math.max(rank, column.dropRank), 0);
  if (worst === 0) return columns;
  return drop(
    columns.filter(({ column }) => column.dropRank !== worst),
    width,
  );
}

/** Cuts to the least widths of the columns; where that is not enough, as far as needed. */
function shrink<Row>(columns: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  const modest = cut(columns, width, ({ column, size }) => column.minWidth ?? size);
  return cut(modest, width, ({ column, size }) => (column.minWidth === undefined ? size : 1));
}

/** Narrows the widest column, one step at a time, until the table fits. */
function cut<Row>(
  columns: readonly Measured<Row>[],
  width: number,
  least: (column: Measured<Row>) => number,
): readonly Measured<Row>[] {
  const rooms = columns.map((column) => Math.max(0, column.size - least(column)));
  const sizes = columns.map(({ size }) => size);
  for (let excess = totalWidth(columns) - width; excess > 0; excess -= 1) {
    const richest = rooms.indexOf(Math.max(...rooms));
    if (rooms[richest] === 0) break;
    rooms[richest] = (rooms[richest] ?? 0) - 1;
    sizes[richest] = (sizes[richest] ?? 0) - 1;
  }
  return columns.map((column, index) => ({ ...column, size: sizes[index] ?? column.size }));
}

function cellText<Row>({ column, size }: Measured<Row>, row: Row): string {
  const padded = padTo(column.cell(row), size);
  return column.paint === undefined ? padded : column.paint(padded, row);
}

/** A text cut or filled with blanks to exactly `size` columns of a terminal. */
export function padTo(text: string, size: number): string {
  const fitted = cutTo(text, size);
  return fitted + ' '.repeat(Math.max(0, size - displayWidth(fitted)));
}

/** A text that is at most `size` columns wide; what was cut ends in `…`. */
export function cutTo(text: string, size: number): string {
  if (displayWidth(text) <= size) return text;
  if (size < 1) return '';
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (displayWidth(cut + segment) > size - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
