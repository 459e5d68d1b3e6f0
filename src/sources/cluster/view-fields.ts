import { type Cause, type Field, factNames, fields, type InstanceView } from '../../core/index.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isList: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isText);
const isTrue: Check = (value) => value === true;
const isRecord: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const typeChecks: Readonly<Record<Field['type'], Check>> = {
  string: isText,
  strings: isList,
  integer: isCount,
};

const loadChecks: Readonly<Record<string, Check>> = {
  cpuCount: isCount,
  memoryTotalBytes: isCount,
  memoryFreeBytes: isCount,
  diskTotalBytes: isCount,
  diskAvailableBytes: isCount,
  loadAverage: (value) => Array.isArray(value) && value.length === 3 && value.every(Number.isFinite),
};
const isHostStats: Check = (value) =>
  isRecord(value) &&
  Object.entries(value as object).every(([name, number]) => loadChecks[name]?.(number) ?? true);

/** Codes of newer programs are kept. */
export function isCause(value: unknown): value is Cause {
  if (!isRecord(value)) return false;
  const { code, evidence } = value as Readonly<Record<string, unknown>>;
  return isText(code) && (evidence === undefined || isText(evidence));
}

/** Fields of a row; those that follow from all members are never in a contribution. */
const viewChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    ...Object.fromEntries(factNames.map((name) => [name, typeChecks[fields[name].type]])),
    key: isText,
    ts: isCount,
    connections: isCount,
    firstSeenAtMs: isCount,
    connectedAtMs: isCount,
    disconnectedAtMs: isCount,
    rttMs: isCount,
    observedIp: isText,
    reportedIp: isText,
    hostStats: isHostStats,
    sources: isRecord,
    self: isTrue,
    cause: isCause,
    annotations: () => false,
    gateways: () => false,
    gatewayIds: () => false,
    unreachableSinceMs: () => false,
  }),
);

/**
 * The row of a contribution, with its fields in the order in which they came: lists must be the same bytes everywhere.
 *
 * A known field of the wrong kind is left out. An unknown field or producer is of a newer gateway, and
 * kept (PC9).
 */
export function readView(value: object): Partial<InstanceView> {
  const kept = Object.entries(value).filter(([name, field]) => isUsable(name, field));
  return Object.fromEntries(
    kept.map(([name, field]) => (name === 'sources' ? [name, readSources(field)] : [name, field])),
  );
}

function isUsable(name: string, field: unknown): boolean {
  const check = viewChecks.get(name);
  if (check !== undefined) return check(field);
  return name !== '__proto__' && field !== null && field !== undefined;
}

/** Producers by fact. One that is not a word is not the handshake, whatever it is (PA3). */
function readSources(sources: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(sources).map(([fact, source]) => [fact, isText(source) ? source : 'unknown']),
  );
}
