import type { Instance } from '../../client/index.ts';
import { compareSections, isOfPeople, isViewer, machineKey, sectionOfRow } from '../../viewer/index.ts';
import { gatewaysOf } from '../format/names.ts';
import type { PastInstance } from './history.ts';
import type { PlacedRow } from './places.ts';
import type { Grouping } from './view-state.ts';

/** The title of a section. */
export interface SectionItem {
  readonly kind: 'section';
  readonly key: string;
  /** `attention`, `people`, `servers`, `viewers`, `past`, `arrived`, or `owner NAME`, `mode WORD`, `gateway NAME`. */
  readonly section: string;
  readonly count: number;
  readonly open: boolean;
}

/** A computer with several instances, which follow when it is open. */
export interface MachineItem {
  readonly kind: 'machine';
  readonly key: string;
  readonly members: readonly Instance[];
  readonly open: boolean;
  readonly level: number;
}

/** An instance. */
export interface RowItem {
  readonly kind: 'row';
  readonly key: string;
  readonly instance: Instance;
  readonly gone: boolean;
  readonly level: number;
}

/** An instance that left today and is not listed. */
export interface PastItem {
  readonly kind: 'past';
  readonly key: string;
  readonly past: PastInstance;
  readonly level: number;
}

/** One line of the list. */
export type ListItem = SectionItem | MachineItem | RowItem | PastItem;

/** Computers with a row that a person sits at: their other rows are in the same section. */
export function peopleMachines(rows: readonly Instance[]): ReadonlySet<string> {
  const machines = new Set<string>();
  for (const row of rows) {
    const machine = isOfPeople(row) ? machineKey(row) : undefined;
    if (machine !== undefined) machines.add(machine);
  }
  return machines;
}

/** Input of the section of a row. */
export interface Sectioning {
  readonly grouping: Grouping;
  /** Keys of rows that need attention. */
  readonly concerns: ReadonlySet<string>;
  readonly people: ReadonlySet<string>;
}

/** The section of a row. */
export function sectionOf(row: Instance, { grouping, concerns, people }: Sectioning): string {
  if (grouping === 'none' || grouping === 'device') return '';
  if (isViewer(row)) return 'viewers';
  if (grouping === 'mode') return `mode ${row.mode ?? ''}`;
  if (grouping === 'gateway') return `gateway ${gatewaysOf(row)[0] ?? ''}`;
  return sectionOfRow(row, {
    needsAttention: concerns.has(row.key),
    isAtPeople: people.has(machineKey(row) ?? ''),
  });
}

/** Input of the lines. */
export interface Arrangement {
  readonly grouping: Grouping;
  /** Lines that the person has opened or closed. */
  readonly toggled: ReadonlySet<string>;
  /** True when everything is open: rows are filtered, and no match may be hidden. */
  readonly allOpen: boolean;
  readonly past: readonly PastInstance[];
}

/** The lines of a list. */
export function itemsOf(rows: readonly PlacedRow[], arrangement: Arrangement): readonly ListItem[] {
  const { grouping } = arrangement;
  if (grouping === 'none') return rows.map((row) => rowItem(row, 1));
  if (grouping === 'device') return withMachines(rows, arrangement, 1);
  const sections = new Map<string, PlacedRow[]>();
  for (const row of rows) {
    const section = sections.get(row.section);
    if (section === undefined) sections.set(row.section, [row]);
    else section.push(row);
  }
  const items: ListItem[] = [];
  for (const section of [...sections.keys()].sort(compareSections)) {
    const members = sections.get(section) ?? [];
    const line = sectionItem(section, members.length, section !== 'viewers', arrangement);
    items.push(line);
    if (!line.open) continue;
    for (const item of withMachines(members, arrangement, 2)) items.push(item);
  }
  return [...items, ...pastItems(arrangement)];
}

function pastItems(arrangement: Arrangement): readonly ListItem[] {
  const { past } = arrangement;
  if (past.length === 0) return [];
  const line = sectionItem('past', past.length, false, arrangement);
  if (!line.open) return [line];
  return [line, ...past.map((each): PastItem => ({ kind: 'past', key: each.key, past: each, level: 2 }))];
}

function sectionItem(
  section: string,
  count: number,
  isUsuallyOpen: boolean,
  { toggled, allOpen }: Arrangement,
): SectionItem {
  const key = `section ${section}`;
  return { kind: 'section', key, section, count, open: (isUsuallyOpen || allOpen) !== toggled.has(key) };
}

/** Rows of one computer are together, at the position of the first of them. A computer with one row is just that row. */
function withMachines(
  rows: readonly PlacedRow[],
  { grouping, toggled, allOpen }: Arrangement,
  level: number,
): readonly ListItem[] {
  const machines = new Map<string, PlacedRow[]>();
  for (const row of rows) {
    const machine = machineOf(row);
    if (machine === undefined) continue;
    const members = machines.get(machine);
    if (members === undefined) machines.set(machine, [row]);
    else members.push(row);
  }
  const items: ListItem[] = [];
  for (const row of rows) {
    const machine = machineOf(row);
    const members = machine === undefined ? undefined : machines.get(machine);
    if (machine === undefined || members === undefined || members.length < 2) items.push(rowItem(row, level));
    else if (members[0] === row) {
      const key = `machine ${machine}`;
      const open = (grouping === 'device' || allOpen) !== toggled.has(key);
      items.push({ kind: 'machine', key, members: members.map(({ instance }) => instance), open, level });
      if (open) items.push(...members.map((member) => rowItem(member, level + 1)));
    }
  }
  return items;
}

/** Rows that need attention are not combined by computer. */
function machineOf({ section, instance }: PlacedRow): string | undefined {
  return section === 'attention' ? undefined : machineKey(instance);
}

function rowItem({ instance, gone }: PlacedRow, level: number): RowItem {
  return { kind: 'row', key: instance.key, instance, gone, level };
}
