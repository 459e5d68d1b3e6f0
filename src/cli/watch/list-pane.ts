import type { Instance } from '../../client/index.ts';
import { type ChosenOrder, presenceStateOf, type SortKey } from '../../viewer/index.ts';
import { kindText, lastInputText, lastSeenText, nameOf, stateColours, stateText } from '../row-text.ts';
import { oneLine } from '../text-format.ts';
import { type Column, cutTo, layRows, padTo } from '../text-table.ts';
import type { Paint } from './paint.ts';

/** What the list is drawn from. */
export interface ListPaneOptions {
  /** The visible rows. */
  readonly rows: readonly Instance[];
  /** Names of sections, by the index in `rows` of the first row below each. */
  readonly names?: ReadonlyMap<number, string>;
  /** Index in `rows` of the one at the cursor. */
  readonly selected: number;
  readonly width: number;
  readonly order: ChosenOrder;
  /** The gateway's clock; the moment the rows are from when they are not live. */
  readonly nowMs: number;
  readonly live: boolean;
  readonly paint: Paint;
}

/** Prefixes of rows, so that the cursor is visible without colour. */
const cursor = { on: '› ', off: '  ' };

/** The list: its titles, then one line for each visible row. */
export function listPane(options: ListPaneOptions): readonly string[] {
  const { rows, names, selected, width, live, paint } = options;
  const { title, lines } = layRows({
    columns: columnsOf(options, rows[selected]),
    rows,
    width: width - cursor.off.length,
  });
  const drawn = lines.flatMap((line, index) => {
    const name = names?.get(index);
    const above = name === undefined ? [] : [paint(live ? 'bold' : 'dim', cutTo(name, width))];
    if (index === selected) return [...above, paint('inverse', padTo(cursor.on + line, width))];
    return [...above, live ? cursor.off + line : paint('dim', cursor.off + line)];
  });
  return [paint('dim', cursor.off + title), ...drawn];
}

/** Names first and at least this wide, so that they do not move when other rows become visible. */
const nameWidth = 16;

function columnsOf(
  { nowMs, order, live, paint }: ListPaneOptions,
  chosen: Instance | undefined,
): readonly Column<Instance>[] {
  const title = (text: string, by: SortKey): string =>
    order.by === by ? `${text} ${order.descending ? '▲' : '▼'}` : text;
  return [
    { title: title('NAME', 'name'), cell: nameOf, dropRank: 0, minWidth: nameWidth, steadyWidth: nameWidth },
    {
      title: title('STATE', 'state'),
      cell: (row) => stateText(row, nowMs),
      dropRank: 0,
      steadyWidth: 18,
      paint: (cell, row) =>
        live && row !== chosen ? paint(stateColours[presenceStateOf(row, nowMs)], cell) : cell,
    },
    { title: title('KIND', 'mode'), cell: kindText, dropRank: 1, minWidth: 11, steadyWidth: 7 },
    { title: 'IP', cell: ({ ip = '' }) => oneLine(ip), dropRank: 5, minWidth: 11 },
    { title: 'VERSION', cell: ({ version = '' }) => oneLine(version), dropRank: 6, minWidth: 7 },
    { title: 'MODEL', cell: modelOf, dropRank: 7, minWidth: 8 },
    {
      title: title('LAST INPUT', 'input'),
      cell: (row) => lastInputText(row, nowMs),
      dropRank: 3,
      steadyWidth: 12,
    },
    {
      title: title('LAST SEEN', 'age'),
      cell: (row) => lastSeenText(row, nowMs),
      dropRank: 2,
      steadyWidth: 11,
    },
    { title: title('CONN', 'connections'), cell: ({ connections = '' }) => String(connections), dropRank: 4 },
  ];
}

function modelOf({ modelIdentifier, deviceFamily }: Instance): string {
  return oneLine(modelIdentifier ?? deviceFamily ?? '');
}
