import type { Instance } from '../../client/index.ts';
import { oneLine } from '../one-line.ts';
import { ageText, lastInputText, nameOf, statusCells, statusColours, statusOfRow } from '../row-text.ts';
import { type Column, layRows, padTo } from '../text-table.ts';
import type { Paint } from './paint.ts';
import type { RowOrder, SortName } from './row-order.ts';

/** What the list is drawn from. */
export interface ListPaneOptions {
  readonly rows: readonly Instance[];
  readonly selected: number;
  readonly top: number;
  readonly pageRows: number;
  readonly width: number;
  readonly order: RowOrder;
  /** The gateway's clock; the moment the rows are from when they are not live. */
  readonly nowMs: number;
  readonly live: boolean;
  readonly paint: Paint;
}

/** Columns are as wide as all rows need, but of a longer list only the rows in sight are measured. */
const maxMeasured = 1_000;

/** Before each row; the cursor is seen without colour too. */
const cursor = { on: '› ', off: '  ' };

/** The list: its titles, then one line for each row in sight. */
export function listPane(options: ListPaneOptions): readonly string[] {
  const { rows, selected, top, pageRows, width, live, paint } = options;
  const isLong = rows.length > maxMeasured;
  const { title, lines } = layRows({
    columns: columnsOf(options, rows[selected]),
    rows: isLong ? rows.slice(top, top + pageRows) : rows,
    width: width - cursor.off.length,
    shown: { from: isLong ? 0 : top, count: pageRows },
  });
  const drawn = lines.map((line, index) => {
    if (top + index === selected) return paint('inverse', padTo(cursor.on + line, width));
    return live ? cursor.off + line : paint('dim', cursor.off + line);
  });
  return [paint('dim', cursor.off + title), ...drawn];
}

function columnsOf(
  { nowMs, order, live, paint }: ListPaneOptions,
  chosen: Instance | undefined,
): readonly Column<Instance>[] {
  const title = (text: string, by: SortName): string =>
    order.by === by ? `${text} ${order.reversed ? '▲' : '▼'}` : text;
  return [
    {
      title: title('STATUS', 'status'),
      ...statusCells(nowMs),
      dropRank: 0,
      steadyWidth: 8,
      paint: (cell, row) =>
        live && row !== chosen ? paint(statusColours[statusOfRow(row, nowMs)], cell) : cell,
    },
    { title: title('HOST', 'host'), cell: nameOf, dropRank: 0, minWidth: 11 },
    { title: title('MODE', 'mode'), cell: ({ mode = '' }) => oneLine(mode), dropRank: 1, minWidth: 7 },
    { title: 'IP', cell: ({ ip = '' }) => oneLine(ip), dropRank: 4 },
    { title: 'VERSION', cell: ({ version = '' }) => oneLine(version), dropRank: 6, minWidth: 8 },
    { title: 'MODEL', cell: modelOf, dropRank: 7, minWidth: 8 },
    {
      title: title('LAST INPUT', 'last input'),
      cell: (row) => lastInputText(row, nowMs),
      dropRank: 3,
      steadyWidth: 12,
    },
    {
      title: title('AGE · REASON', 'newest'),
      cell: (row) => ageText(row.self ? { ...row, ts: nowMs } : row, nowMs),
      dropRank: 2,
      minWidth: 12,
      steadyWidth: 18,
    },
    { title: title('CONN', 'connections'), cell: ({ connections = '' }) => String(connections), dropRank: 5 },
  ];
}

function modelOf({ modelIdentifier, deviceFamily }: Instance): string {
  return oneLine(modelIdentifier ?? deviceFamily ?? '');
}
