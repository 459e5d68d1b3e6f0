import {
  type FactName,
  type Facts,
  FIELD_BOUNDS,
  type Field,
  factNames,
  fields,
  type HostStats,
  normalizeIp,
} from '../../core/index.ts';

/** One entry of `system-presence` as an OpenClaw gateway lists it: a connection or a beacon, live or past. */
export interface ListedEntry {
  /** What could be read of it; a field that is no fact is absent. */
  readonly facts: Facts;
  /** Last update by the clock of that gateway, milliseconds since its epoch; absent when it sent none. */
  readonly tsMs: number | undefined;
  /** Since when the connection is open, by the same clock. */
  readonly onlineSinceMs: number | undefined;
  /** `self` is the gateway, `connection` is open, `past` was one, `report` is a beacon. */
  readonly kind: 'self' | 'connection' | 'past' | 'report';
}

/** What can be read of an entry (PF5); an OpenClaw gateway sends the public facts alone. */
const readers: readonly (readonly [FactName, (value: unknown) => Facts[FactName]])[] = factNames.map(
  (name) => [name, readerOf(fields[name])],
);

function readerOf({ type, format }: Field): (value: unknown) => Facts[FactName] {
  if (type === 'strings') return readWords;
  if (type === 'integer') return readWhole;
  if (format === 'line') return (value) => readWord(value, FIELD_BOUNDS.maxLineLength);
  return format === 'address' ? (value) => normalizeIp(readWord(value) ?? '') : (value) => readWord(value);
}

/**
 * Reads a list of entries; `undefined` when it is no list (PU1).
 *
 * An invalid field costs that field or that entry: an entry that is no object, that has no identity, or that is neither dated
 * nor the gateway itself is left out. At most `maxRows` are read.
 *
 * @param before what was read the last time: what did not change since is the same object again.
 */
export function readListedEntries(
  value: unknown,
  maxRows: number,
  before: readonly ListedEntry[] = [],
): readonly ListedEntry[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const knownOf = knownEntries(before);
  const entries: ListedEntry[] = [];
  for (const item of value) {
    if (entries.length === maxRows) break;
    const record = recordOf(item);
    if (record === undefined) continue;
    const entry = readListedEntry(record, knownOf(record, entries.length));
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Finds the entry of the former list that a record may repeat: at its place, else by its id. */
function knownEntries(
  before: readonly ListedEntry[],
): (record: Readonly<Record<string, unknown>>, place: number) => ListedEntry | undefined {
  let byId: Map<unknown, ListedEntry> | undefined;
  return (record, place) => {
    const id = record['instanceId'] ?? record['deviceId'];
    const there = before[place];
    if (there !== undefined && (there.facts.instanceId ?? there.facts.deviceId) === id) return there;
    byId ??= new Map(before.map((entry) => [entry.facts.instanceId ?? entry.facts.deviceId, entry]));
    return byId.get(id);
  };
}

function readListedEntry(
  record: Readonly<Record<string, unknown>>,
  known: ListedEntry | undefined,
): ListedEntry | undefined {
  const facts = known !== undefined && statesFacts(record, known.facts) ? known.facts : readFacts(record);
  const tsMs = readMoment(record['ts']);
  const onlineSinceMs = readMoment(record['onlineSince']);
  if (facts === known?.facts && tsMs === known.tsMs && onlineSinceMs === known.onlineSinceMs) return known;
  const kind = kindOf(facts, onlineSinceMs);
  if (tsMs === undefined && kind !== 'self') return undefined;
  return namesSomebody(facts) ? { facts, tsMs, onlineSinceMs, kind } : undefined;
}

function kindOf({ mode, reason }: Facts, onlineSinceMs: number | undefined): ListedEntry['kind'] {
  if (mode?.toLowerCase() === 'gateway' && reason === 'self') return 'self';
  if (reason === 'disconnect') return 'past';
  const isConnection = reason === 'connect' || reason === 'node-connected' || onlineSinceMs !== undefined;
  return isConnection ? 'connection' : 'report';
}

function namesSomebody({ instanceId, deviceId, host, ip, text }: Facts): boolean {
  return (instanceId ?? deviceId ?? host ?? ip ?? text) !== undefined;
}

/** True when a record states just these facts, word for word: reading it would give the same. */
function statesFacts(record: Readonly<Record<string, unknown>>, facts: Facts): boolean {
  for (const name of factNames) if (!isStated(record[name] ?? undefined, facts[name])) return false;
  return true;
}

function isStated(value: unknown, fact: Facts[FactName]): boolean {
  if (value === fact) return true;
  if (!Array.isArray(value) || !Array.isArray(fact) || value.length !== fact.length) return false;
  return fact.every((word, at) => value[at] === word);
}

/** The facts of a record that came from another gateway; what is no fact is left out. */
export function readFacts(record: Readonly<Record<string, unknown>>): Facts {
  const facts: Record<string, unknown> = {};
  for (const [name, read] of readers) {
    const value = read(record[name]);
    if (value !== undefined) facts[name] = value;
  }
  return facts;
}

function readWhole(value: unknown): number | undefined {
  const number = readNumber(value);
  return number === undefined || number > FIELD_BOUNDS.maxInteger ? undefined : Math.floor(number);
}

/** A trimmed text without control characters that is not too long; `undefined` for anything else. */
export function readWord(value: unknown, maxLength: number = FIELD_BOUNDS.maxLength): string | undefined {
  if (typeof value !== 'string' || value.length > 4 * maxLength) return undefined;
  const word = value.trim();
  return word === '' || word.length > maxLength || /\p{Cc}/u.test(word) ? undefined : word;
}

function readWords(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read = value.slice(0, FIELD_BOUNDS.maxItems).map((item) => readWord(item));
  const known = read.includes(undefined) ? read.filter((item) => item !== undefined) : read;
  return known.length === 0 ? undefined : (known as readonly string[]);
}

/** A moment in milliseconds since the epoch, rounded; `undefined` for what is none. */
export function readMoment(value: unknown): number | undefined {
  const ms = readNumber(value);
  return ms === undefined || ms === 0 || ms > Number.MAX_SAFE_INTEGER ? undefined : Math.round(ms);
}

/** A finite number from zero. */
export function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A plain object; `undefined` for anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** Load of a machine, as far as it is whole; `undefined` without processors and memory. */
export function readHostStats(value: unknown): HostStats | undefined {
  const record = recordOf(value) ?? {};
  const count = (name: string): number | undefined => {
    const number = readNumber(record[name]);
    return number === undefined || number > Number.MAX_SAFE_INTEGER ? undefined : Math.round(number);
  };
  const [cpuCount, memoryTotalBytes, memoryFreeBytes] = [
    count('cpuCount'),
    count('memoryTotalBytes'),
    count('memoryFreeBytes'),
  ];
  if (cpuCount === undefined || memoryTotalBytes === undefined || memoryFreeBytes === undefined)
    return undefined;
  const loadAverage = readLoad(record['loadAverage']);
  const [diskTotalBytes, diskAvailableBytes] = [count('diskTotalBytes'), count('diskAvailableBytes')];
  return {
    cpuCount,
    ...(loadAverage !== undefined && { loadAverage }),
    memoryTotalBytes,
    memoryFreeBytes,
    ...(diskTotalBytes !== undefined && { diskTotalBytes }),
    ...(diskAvailableBytes !== undefined && { diskAvailableBytes }),
  };
}

function readLoad(value: unknown): HostStats['loadAverage'] {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [one, five, fifteen] = value.map(readNumber);
  if (one === undefined || five === undefined || fifteen === undefined) return undefined;
  return [one, five, fifteen];
}
