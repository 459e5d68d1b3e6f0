import { ageMs, type ListedRow, lastInputSecondsAt, type Status, statusOf } from '../core/index.ts';
import { oneLine } from './one-line.ts';
import { paint, type Shell } from './shell.ts';
import { spanText } from './span-text.ts';
import { type Column, layTable } from './text-table.ts';

/** Status by word and shape, never by colour alone (PS3). */
const shapes: Readonly<Record<Status, string>> = { active: '●', idle: '◐', stale: '○' };
const colours: Readonly<Record<Status, 'green' | 'yellow' | 'gray'>> = {
  active: 'green',
  idle: 'yellow',
  stale: 'gray',
};

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
  const status = (row: ListedRow): Status => statusOf(ageMs(row, nowMs));
  return [
    {
      title: 'STATUS',
      cell: (row) => `${shapes[status(row)]} ${status(row)}`,
      dropRank: 0,
      paint: (cell, row) => paint(shell, colours[status(row)], cell),
    },
    { title: 'HOST', cell: nameOf, dropRank: 0, minWidth: 12 },
    { title: 'MODE', cell: (row) => oneLine(row.mode ?? ''), dropRank: 1, minWidth: 7 },
    { title: 'IP', cell: (row) => oneLine(row.ip ?? ''), dropRank: 3 },
    { title: 'VERSION', cell: (row) => oneLine(row.version ?? ''), dropRank: 5, minWidth: 8 },
    { title: 'PLATFORM', cell: (row) => oneLine(row.platform ?? ''), dropRank: 6, minWidth: 10 },
    { title: 'LAST INPUT', cell: (row) => lastInputText(row, nowMs), dropRank: 4 },
    { title: 'AGE · REASON', cell: (row) => ageText(row, nowMs), dropRank: 2, minWidth: 12 },
    { title: 'CONNECTIONS', cell: (row) => String(row.connections ?? ''), dropRank: 7 },
  ];
}

function nameOf(row: ListedRow): string {
  return oneLine(row.host ?? row.instanceId ?? row.deviceId ?? row.ip ?? row.text ?? 'unnamed');
}

function lastInputText(row: ListedRow, nowMs: number): string {
  const seconds = lastInputSecondsAt(row, nowMs);
  return seconds === undefined ? '' : `${spanText(seconds)} ago`;
}

function ageText(row: ListedRow, nowMs: number): string {
  const age = spanText(ageMs(row, nowMs) / 1000);
  return row.reason === undefined ? age : `${age} · ${oneLine(row.reason)}`;
}
