import type { InstanceView, ListedRow } from '../core/index.ts';
import { type PresenceState, presenceStateOf, rowName } from '../viewer/index.ts';
import { kindText, lastInputText, lastSeenText, stateColours, stateShapes } from './row-text.ts';
import { paint, type Shell } from './shell.ts';
import { oneLine } from './text-format.ts';
import { type Column, cutTo, layTable } from './text-table.ts';

/** Widest cell of a table that goes to a file or pipe: otherwise one long host would make every line as long. */
const pipeCellWidth = 40;

interface TableColumn extends Column<ListedRow> {
  readonly name: string;
  /** Shown only when it is asked for by name. */
  readonly isOptional?: boolean;
}

/**
 * The roster as a table for people, one line per instance, names first, in the order given.
 *
 * All ages are taken at `nowMs`, the gateway's clock (PS2, PS4). `wide` cuts and drops nothing.
 */
export function presenceTable(options: {
  readonly rows: readonly ListedRow[];
  readonly nowMs: number;
  readonly shell: Pick<Shell, 'colour' | 'columns'>;
  /** Names of {@link columnNames}, in the order wanted; by default those with a value in some row, but for optional ones. */
  readonly columns?: readonly string[] | undefined;
  readonly wide?: boolean;
}): string {
  const { rows, nowMs, shell, wide = false } = options;
  const all = columnsFor(nowMs, shell);
  const wanted = options.columns?.flatMap((name) => all.filter((column) => column.name === name));
  const columns = (wanted ?? all.filter(({ isOptional }) => !isOptional)).map((column) => ({
    ...column,
    ...(wanted !== undefined && { dropRank: 0 }),
    ...(shell.columns === undefined &&
      !wide && { cell: (row: ListedRow) => cutTo(column.cell(row), pipeCellWidth) }),
  }));
  return layTable({
    columns,
    rows,
    width: wide ? undefined : shell.columns,
    paintTitle: (title) => paint(shell, 'dim', title),
  });
}

/** What `--columns` can name. */
export const columnNames: readonly string[] = columnsFor(0, { colour: false }).map(({ name }) => name);

function columnsFor(nowMs: number, shell: Pick<Shell, 'colour'>): readonly TableColumn[] {
  const stateOf = (row: ListedRow): PresenceState => presenceStateOf(row, nowMs);
  const view = (row: ListedRow): Partial<InstanceView> & ListedRow => row;
  return [
    {
      name: 'name',
      title: 'NAME',
      cell: (row) => oneLine(rowName(row) ?? 'unnamed'),
      dropRank: 0,
      minWidth: 12,
    },
    {
      name: 'state',
      title: 'STATE',
      cell: (row) => `${stateShapes[stateOf(row)]} ${stateOf(row)}`,
      shortCell: (row) => `${stateShapes[stateOf(row)]} ${stateOf(row).slice(0, 7)}`,
      dropRank: 0,
      paint: (cell, row) => paint(shell, stateColours[stateOf(row)], cell),
    },
    {
      name: 'owner',
      title: 'OWNER',
      cell: (row) => oneLine(view(row).annotations?.owner ?? ''),
      dropRank: 3,
      minWidth: 8,
    },
    {
      name: 'labels',
      title: 'LABELS',
      cell: (row) => oneLine(view(row).annotations?.labels?.join(', ') ?? ''),
      dropRank: 3,
      minWidth: 8,
    },
    { name: 'kind', title: 'KIND', cell: kindText, dropRank: 2, minWidth: 7 },
    { name: 'age', title: 'LAST SEEN', cell: (row) => lastSeenText(row, nowMs), dropRank: 1 },
    { name: 'input', title: 'LAST INPUT', cell: (row) => lastInputText(row, nowMs), dropRank: 4 },
    { name: 'ip', title: 'IP', cell: (row) => oneLine(row.ip ?? ''), dropRank: 5, minWidth: 15 },
    {
      name: 'version',
      title: 'VERSION',
      cell: (row) => oneLine(row.version ?? ''),
      dropRank: 6,
      minWidth: 8,
    },
    {
      name: 'platform',
      title: 'PLATFORM',
      cell: (row) => oneLine(row.platform ?? ''),
      dropRank: 7,
      minWidth: 10,
    },
    {
      name: 'gateway',
      title: 'GATEWAY',
      cell: (row) => oneLine(view(row).gateways?.join(',') ?? ''),
      dropRank: 3,
      minWidth: 8,
    },
    {
      name: 'connections',
      title: 'CONN',
      cell: (row) => String(row.connections ?? ''),
      dropRank: 8,
    },
    {
      name: 'mode',
      title: 'MODE',
      cell: (row) => oneLine(row.mode ?? ''),
      dropRank: 9,
      isOptional: true,
    },
    {
      name: 'reason',
      title: 'REASON',
      cell: (row) => oneLine(row.reason ?? ''),
      dropRank: 9,
      isOptional: true,
    },
  ];
}
