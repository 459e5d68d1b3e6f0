import type { Instance } from '../../client/index.ts';
import type { PlacedRow } from './held-order.ts';

/** One line of the list: an instance. */
export interface RowItem extends PlacedRow {
  readonly kind: 'row';
  readonly key: string;
  /** 2 for a row inside of a group. */
  readonly level: 1 | 2;
}

/** One line of the list: a device with several instances, which follow when it is open. */
export interface GroupItem {
  readonly kind: 'group';
  readonly key: string;
  readonly first: Instance;
  readonly size: number;
  readonly open: boolean;
}

export type ListItem = RowItem | GroupItem;

/** The lines of a plain list. */
export function plainItems(rows: readonly PlacedRow[]): readonly ListItem[] {
  return rows.map((row) => rowItem(row, 1));
}

/**
 * The lines of a list in which the rows of one device stand together, at the place of the first of them. A device with one
 * row is no group.
 */
export function groupedItems(rows: readonly PlacedRow[], closed: ReadonlySet<string>): readonly ListItem[] {
  const devices = rowsByDevice(rows);
  const done = new Set<string>();
  return rows.flatMap((row): readonly ListItem[] => {
    const { deviceId } = row.instance;
    const members = deviceId === undefined ? undefined : devices.get(deviceId);
    if (deviceId === undefined || members === undefined || members.length < 2) return [rowItem(row, 1)];
    if (done.has(deviceId)) return [];
    done.add(deviceId);
    return groupItems(deviceId, members, row.instance, closed);
  });
}

function groupItems(
  deviceId: string,
  members: readonly PlacedRow[],
  first: Instance,
  closed: ReadonlySet<string>,
): readonly ListItem[] {
  const key = `device ${deviceId}`;
  const open = !closed.has(key);
  const group: GroupItem = { kind: 'group', key, first, size: members.length, open };
  return open ? [group, ...members.map((member) => rowItem(member, 2))] : [group];
}

function rowsByDevice(rows: readonly PlacedRow[]): ReadonlyMap<string, readonly PlacedRow[]> {
  const devices = new Map<string, PlacedRow[]>();
  for (const row of rows) {
    const { deviceId } = row.instance;
    if (deviceId === undefined) continue;
    const members = devices.get(deviceId);
    if (members === undefined) devices.set(deviceId, [row]);
    else members.push(row);
  }
  return devices;
}

function rowItem(row: PlacedRow, level: 1 | 2): RowItem {
  return { kind: 'row', key: row.instance.key, level, ...row };
}
