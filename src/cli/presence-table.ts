import type { ListedRow } from '../core/index.ts';
import { oneLine } from './one-line.ts';
import { ageText, lastInputText, nameOf, statusCells, statusColours, statusOfRow } from './row-text.ts';
import { paint, type Shell } from './shell.ts';
import { type Column, layTable } from './text-table.ts';

/**
 * The roster as a table for people, one line per instance, in the order given.
 *
 * All ages are taken at `nowMs`, the gateway's clock (PS2, PS4).
 */
export function presenceTable(options: {
  readonly rows: readonly ListedRow[];
  readonly nowMs: number;
  readonly shell: Pick<Shell, 'colour' | 'columns'>;
}): string {
  const { rows, nowMs, shell } = options;
  return layTable({
    columns: columnsFor(nowMs, shell),
    rows,
    width: shell.columns,
    paintTitle: (title) => paint(shell, 'dim', title),
  });
}

function columnsFor(nowMs: number, shell: Pick<Shell, 'colour'>): readonly Column<ListedRow>[] {
  return [
    {
      title: 'STATUS',
      ...statusCells(nowMs),
      dropRank: 0,
      paint: (cell, row) => paint(shell, statusColours[statusOfRow(row, nowMs)], cell),
    },
    { title: 'HOST', cell: nameOf, dropRank: 0, minWidth: 12 },
    { title: 'MODE', cell: (row) => oneLine(row.mode ?? ''), dropRank: 1, minWidth: 7 },
    { title: 'IP', cell: (row) => oneLine(row.ip ?? ''), dropRank: 3 },
    { title: 'VERSION', cell: (row) => oneLine(row.version ?? ''), dropRank: 5, minWidth: 8 },
    { title: 'PLATFORM', cell: (row) => oneLine(row.platform ?? ''), dropRank: 6, minWidth: 10 },
    { title: 'LAST INPUT', cell: (row) => lastInputText(row, nowMs), dropRank: 4 },
    { title: 'AGE · REASON', cell: (row) => ageText(row, nowMs), dropRank: 2, minWidth: 12 },
    { title: 'CONN', cell: (row) => String(row.connections ?? ''), dropRank: 7 },
  ];
}
