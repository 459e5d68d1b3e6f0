import {
  ageMs,
  type FactName,
  factNames,
  fields,
  type InstanceView,
  type ListedRow,
  lastInputSecondsAt,
  statusOf,
} from '../core/index.ts';
import { presenceStateOf, presenceStates } from './presence-state.ts';
import { rowName } from './row-order.ts';

/** The annotations of a row, as far as queries read them (PO). */
export interface QueriedAnnotations {
  readonly name?: string;
  readonly owner?: string;
  readonly labels?: readonly string[];
  readonly note?: string;
}

/** A row that can be searched: as any gateway lists it, and what our own gateways add. */
export type QueriedRow = ListedRow &
  Partial<Pick<InstanceView, 'gateways' | 'cause' | 'connectedAtMs'>> & {
    readonly annotations?: QueriedAnnotations;
  };

/** A field that a query can name. */
export interface QueryField {
  /** Lower case; the first one is its name, the others are aliases. */
  readonly names: readonly string[];
  /** `part`: contains the value; `whole`: is the value, or begins with what stands before `*`; `duration`: `>5m`, `<=2h`. */
  readonly kind: 'part' | 'whole' | 'duration';
  /** All valid values; absent: any text. */
  readonly choices?: readonly string[];
  /** The texts of a row, or for a duration the milliseconds. */
  read(row: QueriedRow, nowMs: number): readonly (string | undefined)[] | number | undefined;
}

/** Fields that are not facts, or more than one. */
const rowFields: readonly QueryField[] = [
  {
    names: ['state'],
    kind: 'whole',
    choices: presenceStates,
    read: (row, nowMs) => [presenceStateOf(row, nowMs)],
  },
  {
    names: ['status'],
    kind: 'whole',
    choices: ['active', 'idle', 'stale'],
    read: (row, nowMs) => [row.self === true ? 'active' : statusOf(ageMs(row, nowMs))],
  },
  { names: ['name'], kind: 'part', read: (row) => [rowName(row)] },
  { names: ['owner'], kind: 'part', read: ({ annotations }) => [annotations?.owner] },
  { names: ['label'], kind: 'whole', read: ({ annotations }) => annotations?.labels },
  { names: ['note'], kind: 'part', read: ({ annotations }) => [annotations?.note] },
  {
    names: ['gateway'],
    kind: 'whole',
    read: ({ gateways = [], gatewayIds = [] }) => [...gateways, ...gatewayIds],
  },
  { names: ['cause'], kind: 'whole', read: ({ cause }) => [cause?.code] },
  { names: ['key'], kind: 'part', read: ({ key }) => [key] },
  {
    names: ['last-input'],
    kind: 'duration',
    read: (row, nowMs) => {
      const seconds = lastInputSecondsAt(row, nowMs);
      return seconds === undefined ? undefined : seconds * 1_000;
    },
  },
  { names: ['age', 'last-seen'], kind: 'duration', read: (row, nowMs) => ageMs(row, nowMs) },
  {
    names: ['connected'],
    kind: 'duration',
    read: ({ connectedAtMs }, nowMs) => connectedAtMs && Math.max(0, nowMs - connectedAtMs),
  },
  {
    names: ['disconnected'],
    kind: 'duration',
    read: ({ disconnectedAtMs }, nowMs) => disconnectedAtMs && Math.max(0, nowMs - disconnectedAtMs),
  },
];

const searchableFacts = factNames.filter((name) => fields[name].searchable !== false);

/** Every field that a query can name: all searchable facts (PF5), and what is known of a row beside them. */
export const queryFields: readonly QueryField[] = [...rowFields, ...searchableFacts.map(factField)];

const byName: ReadonlyMap<string, QueryField> = new Map(
  queryFields.flatMap((field) => field.names.map((name) => [name, field] as const)),
);

/** The field of a name in any letter case; `undefined` for a word that names none. */
export function queryFieldOf(name: string): QueryField | undefined {
  return byName.get(name.toLowerCase());
}

/** All texts of a row in which a bare word is looked for, but for those that depend on the time. */
export function searchedTexts(row: QueriedRow): readonly (string | undefined)[] {
  const { annotations, cause, gateways = [], gatewayIds = [] } = row;
  const { name, owner, labels = [], note } = annotations ?? {};
  return [
    ...searchableFacts.flatMap((fact) => factTexts(row, fact)),
    row.key,
    row.observedIp,
    row.reportedIp,
    name,
    owner,
    ...labels,
    note,
    ...gateways,
    ...gatewayIds,
    cause?.code,
    cause?.evidence,
  ];
}

function factField(name: FactName): QueryField {
  const { alias, queriedBy = 'part' } = fields[name];
  const names = [name.toLowerCase(), ...(alias === undefined ? [] : [alias])];
  return { names, kind: queriedBy, read: (row) => factTexts(row, name) };
}

function factTexts(row: QueriedRow, name: FactName): readonly string[] {
  const value: string | number | readonly string[] | undefined = row[name];
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}
