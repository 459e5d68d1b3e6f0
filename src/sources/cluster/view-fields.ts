import type { Cause, Facts, InstanceView } from '../../core/index.ts';

type Check = (value: unknown) => boolean;

const isWord: Check = (value) => typeof value === 'string' && value !== '';
const isWhole: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isList: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isWord);
const isTrue: Check = (value) => value === true;
const isRecord: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const factChecks: { readonly [K in keyof Facts]-?: Check } = {
  host: isWord,
  ip: isWord,
  version: isWord,
  platform: isWord,
  deviceFamily: isWord,
  modelIdentifier: isWord,
  timeZone: isWord,
  mode: isWord,
  lastInputSeconds: isWhole,
  reason: isWord,
  roles: isList,
  scopes: isList,
  tags: isList,
  text: isWord,
  deviceId: isWord,
  instanceId: isWord,
};

const sourceWords = new Set<unknown>(['gateway', 'socket', 'beacon', 'node-event', 'activity']);
const isSources: Check = (value) =>
  isRecord(value) &&
  Object.entries(value as object).every(([fact, source]) => fact in factChecks && sourceWords.has(source));

const loadChecks: Readonly<Record<string, Check>> = {
  cpuCount: isWhole,
  memoryTotalBytes: isWhole,
  memoryFreeBytes: isWhole,
  diskTotalBytes: isWhole,
  diskAvailableBytes: isWhole,
  loadAverage: (value) => Array.isArray(value) && value.length === 3 && value.every(Number.isFinite),
};
const isHostStats: Check = (value) =>
  isRecord(value) &&
  Object.entries(value as object).every(([name, number]) => loadChecks[name]?.(number) === true);

/** Codes of newer programs are kept. */
export function isCause(value: unknown): value is Cause {
  if (!isRecord(value)) return false;
  const { code, evidence } = value as Readonly<Record<string, unknown>>;
  return isWord(code) && (evidence === undefined || isWord(evidence));
}

/** What one member says of a row; what follows from all of them is not said. */
const viewChecks: Readonly<Record<string, Check>> = {
  ...factChecks,
  key: isWord,
  ts: isWhole,
  connections: isWhole,
  firstSeenAtMs: isWhole,
  connectedAtMs: isWhole,
  disconnectedAtMs: isWhole,
  rttMs: isWhole,
  observedIp: isWord,
  reportedIp: isWord,
  hostStats: isHostStats,
  sources: isSources,
  self: isTrue,
  cause: isCause,
};

/** The fields of a view that are known and right, in the order in which they came: lists must be the same bytes everywhere. */
export function knownFacts(value: object): Partial<InstanceView> {
  return Object.fromEntries(Object.entries(value).filter(([name, field]) => isKnown(name, field)));
}

function isKnown(name: string, field: unknown): boolean {
  return Object.hasOwn(viewChecks, name) && viewChecks[name]?.(field) === true;
}
