import { type Facts, type InstanceView, presenceKey, textKey } from '../../core/index.ts';
import type { ListedEntry } from './listed-entry.ts';
import type { ListedNode } from './listed-node.ts';

/** The answers of an OpenClaw gateway, parsed: its list, and its nodes, by id. */
export interface Reading {
  readonly entries: readonly ListedEntry[];
  readonly nodes: ReadonlyMap<string, ListedNode>;
}

/** How rows are built from a reading. */
export interface RowRules {
  /** Name of the upstream in the configuration. */
  readonly name: string;
  /** Added to a moment of that gateway to get ours, milliseconds (PU2). */
  readonly offsetMs: number;
  /** Now by our clock, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Rows of no live connection that are older are not listed (PU3). */
  readonly ttlMs: number;
  readonly maxRows: number;
  /** Ids under which we are connected there ourselves, as keys. */
  readonly ownIds: ReadonlySet<string>;
}

/** Moments of two readings that are nearer than this are the same moment, read through another delay of the network. */
export const jitterMs = 1_500;

/** The presence key of the row of the gateway itself: its name in the configuration, which outlives its restarts (PU9). */
export function gatewayKey(name: string): string {
  return `gateway:${name.trim().toLowerCase()}`;
}

/** All entries and nodes of one instance. */
interface Group {
  readonly key: string;
  readonly entries: ListedEntry[];
  node?: ListedNode;
}

/** A row, and the entry that it is built from; absent when there are several. */
export interface ReadRow {
  readonly view: InstanceView;
  readonly entry: ListedEntry | undefined;
}

/**
 * The rows of a reading: the gateway, then one per instance or device, newest first (PU4).
 *
 * A live entry beats one of a past connection; of a device that is back under a new instanceId in the same mode the past
 * entries are dropped. Does not depend on the order of the list.
 *
 * @param known rows of the former reading, by key: what still follows from the same entry is the same object again.
 */
export function rowsOf(
  reading: Reading,
  rules: RowRules,
  known: ReadonlyMap<string, ReadRow> = new Map(),
): ReadRow[] {
  const own = (facts: Facts): boolean =>
    [facts.instanceId, facts.deviceId].some((id) => rules.ownIds.has(presenceKey(id) ?? ''));
  const others = reading.entries.filter(({ kind, facts }) => kind !== 'self' && !own(facts));
  const groups = groupsOf(others, rules.name);
  addNodes(groups, reading.nodes, own);
  const alive = withoutSuperseded([...groups.values()]);
  const rows = alive.map((group) => readRow(group, rules, known.get(group.key)));
  const newest = rows.filter(({ view }) => isCurrent(view, rules)).sort(compareAge);
  const self = reading.entries.find(({ kind }) => kind === 'self');
  return [
    { view: gatewayRow(self?.facts ?? {}, rules), entry: undefined },
    ...newest.slice(0, Math.max(0, rules.maxRows - 1)),
  ];
}

function readRow(group: Group, rules: RowRules, known: ReadRow | undefined): ReadRow {
  const [entry] = group.entries;
  if (entry === undefined || group.entries.length > 1 || group.node !== undefined)
    return { view: viewOf(group, rules), entry: undefined };
  const isKnown =
    known?.entry === entry && Math.abs(oursOf(entry.tsMs ?? 0, rules) - known.view.ts) <= jitterMs;
  return isKnown ? known : { view: viewOf(group, rules), entry };
}

function compareAge({ view: a }: ReadRow, { view: b }: ReadRow): number {
  return b.ts - a.ts || (a.key < b.key ? -1 : 1);
}

/** A row without a live connection lives for `ttlMs`; the upstream itself prunes only when a client lists (PU3). */
function isCurrent(row: InstanceView, { nowMs, ttlMs }: RowRules): boolean {
  return row.connections > 0 || nowMs - row.ts <= ttlMs;
}

function groupsOf(entries: readonly ListedEntry[], name: string): Map<string, Group> {
  const ordered = [...entries].sort(compareEntries);
  const byDevice = new Map<string, string>();
  for (const { facts } of ordered) {
    const device = presenceKey(facts.deviceId);
    const instance = device === undefined ? undefined : presenceKey(facts.instanceId);
    if (instance !== undefined && device !== undefined) byDevice.set(device, instance);
  }
  const groups = new Map<string, Group>();
  for (const entry of ordered) {
    const key = keyOf(entry, byDevice) ?? freeKey(entry, name, groups);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, entries: [entry] });
    else group.entries.push(entry);
  }
  return groups;
}

/** From old to new, then by content: the place in the list never matters. */
function compareEntries(a: ListedEntry, b: ListedEntry): number {
  if (a === b) return 0;
  return (
    (a.tsMs ?? 0) - (b.tsMs ?? 0) ||
    compareTexts(a.facts.instanceId, b.facts.instanceId) ||
    compareTexts(a.facts.host, b.facts.host) ||
    compareTexts(JSON.stringify(a), JSON.stringify(b))
  );
}

function compareTexts(left = '', right = ''): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The instance, or the instance of the device: the same at every gateway (PK3, PK4). */
function keyOf({ facts }: ListedEntry, byDevice: ReadonlyMap<string, string>): string | undefined {
  const instance = presenceKey(facts.instanceId);
  if (instance !== undefined) return instance;
  const device = presenceKey(facts.deviceId);
  return device === undefined ? undefined : (byDevice.get(device) ?? device);
}

/** Without an id the name identifies a client at that gateway only; two connections of one name are two rows. */
function freeKey({ kind, facts }: ListedEntry, name: string, groups: ReadonlyMap<string, Group>): string {
  const word = presenceKey(facts.host) ?? presenceKey(facts.ip) ?? textKey(facts.text) ?? 'unknown';
  const base = `${name.toLowerCase()}:${word}`;
  let key = base;
  for (let count = 2; kind === 'connection' && isConnected(groups.get(key)); count += 1)
    key = `${base}#${count}`;
  return key;
}

function isConnected(group: Group | undefined): boolean {
  return (
    group !== undefined &&
    (group.node?.isConnected || group.entries.some(({ kind }) => kind === 'connection'))
  );
}

/** A node is the row of its device; one that is connected is listed even where the gateway lists no row of it. */
function addNodes(
  groups: Map<string, Group>,
  nodes: ReadonlyMap<string, ListedNode>,
  own: (facts: Facts) => boolean,
): void {
  if (nodes.size === 0) return;
  const byDevice = new Map<string, Group>();
  for (const group of groups.values()) {
    for (const { facts } of group.entries) byDevice.set(presenceKey(facts.deviceId) ?? '', group);
  }
  for (const node of nodes.values()) {
    const group = groups.get(node.id) ?? byDevice.get(node.id);
    if (group !== undefined) group.node = node;
    else if (node.isConnected && !own(node.facts)) groups.set(node.id, { key: node.id, entries: [], node });
  }
}

/** A web client makes a new instanceId at every load of its page (PK8). */
function withoutSuperseded(groups: readonly Group[]): readonly Group[] {
  if (!groups.some(isPastConnection)) return groups;
  const live = new Set(groups.filter(isConnected).flatMap(placesOf));
  return groups.filter(
    (group) => !isPastConnection(group) || !placesOf(group).some((place) => live.has(place)),
  );
}

/** True for past connections of a device, which may be back under another id. */
function isPastConnection(group: Group): boolean {
  return (
    !isConnected(group) &&
    group.entries.every(({ kind, facts }) => kind === 'past' && facts.deviceId !== undefined)
  );
}

/** Device and mode of each entry. */
function placesOf({ entries }: Group): string[] {
  return entries.map(({ facts }) => `${presenceKey(facts.deviceId) ?? ''} ${presenceKey(facts.mode) ?? ''}`);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function viewOf(group: Group, rules: RowRules): InstanceView {
  const { key, node } = group;
  const staying = group.entries.filter(({ kind }) => kind !== 'past');
  const isPast = staying.length === 0 && node?.isConnected !== true;
  const entries = isPast || staying.length === 0 ? group.entries : staying;
  const tsMs = latestOf(entries, node, rules);
  const connections = isPast ? 0 : connectionsOf(entries, node);
  const ts = oursOf(tsMs, rules);
  const view: Mutable<InstanceView> = {
    key,
    ...node?.facts,
    ...Object.assign({}, ...entries.map(({ facts }) => facts)),
    ts,
    connections,
    firstSeenAtMs: ts,
    sources: connections === 0 && !isPast ? reportSources(entries) : {},
  };
  setGrants(view, entries);
  setLastInput(view, entries, node, tsMs);
  if (node?.hostStats !== undefined) view.hostStats = node.hostStats;
  if (connections > 0) setConnected(view, entries, node, rules);
  if (isPast) view.disconnectedAtMs = ts;
  return view;
}

/** A connected node counts as received from as long as its connection is open: gateways of 2026.2 do not renew its row. */
function latestOf(entries: readonly ListedEntry[], node: ListedNode | undefined, rules: RowRules): number {
  const listed = entries.map(({ tsMs }) => tsMs ?? 0);
  if (node?.isConnected !== true) return Math.max(0, ...listed);
  const receivedMs = node.receivedAtMs ?? 0;
  if (entries.length > 0) return Math.max(receivedMs, ...listed);
  return Math.max(receivedMs, rules.nowMs - rules.offsetMs);
}

function connectionsOf(entries: readonly ListedEntry[], node: ListedNode | undefined): number {
  const count = entries.filter(({ kind }) => kind === 'connection').length;
  return Math.max(count, node?.isConnected === true ? 1 : 0);
}

/** Our clock's moment of one of theirs; never in our future. */
function oursOf(theirMs: number, { offsetMs, nowMs }: RowRules): number {
  return Math.max(0, Math.min(Math.round(theirMs + offsetMs), Math.round(nowMs)));
}

function reportSources(entries: readonly ListedEntry[]): InstanceView['sources'] {
  const named = entries.flatMap(({ facts }) => Object.keys(facts));
  return Object.fromEntries(named.map((name) => [name, 'beacon']));
}

/** Connections have what they were granted; what they had in the past, or a beacon claims, does not count (PK5). */
function setGrants(view: Mutable<InstanceView>, entries: readonly ListedEntry[]): void {
  const live = entries.filter(({ kind }) => kind === 'connection');
  if (live.length === 0) return;
  for (const name of ['roles', 'scopes'] as const) {
    const granted = live.length === 1 ? live[0]?.facts[name] : undefined;
    if (granted !== undefined && isSorted(granted)) {
      // Kept once, by the entry and by the row.
      view[name] = granted;
      continue;
    }
    const union = [...new Set(live.flatMap(({ facts }) => facts[name] ?? []))].sort();
    if (union.length > 0) view[name] = union;
    else delete view[name];
  }
}

/** True for words in order, none of them twice. */
function isSorted(words: readonly string[]): boolean {
  return words.every((word, at) => at === 0 || (words[at - 1] ?? '') < word);
}

/** The latest input that any of them reported, as seconds before `ts` (PF4). */
function setLastInput(
  view: Mutable<InstanceView>,
  entries: readonly ListedEntry[],
  node: ListedNode | undefined,
  tsMs: number,
): void {
  const reported = entries.map(({ facts: { lastInputSeconds }, tsMs: atMs = 0 }) =>
    lastInputSeconds === undefined ? undefined : atMs - lastInputSeconds * 1000,
  );
  const known = [...reported, node?.lastActiveAtMs].filter((inputAtMs) => inputAtMs !== undefined);
  if (known.length === 0) return;
  const inputAtMs = Math.max(...known);
  view.lastInputSeconds = Math.max(0, Math.floor((tsMs - inputAtMs) / 1000));
  if (inputAtMs === node?.lastActiveAtMs) view.sources = { ...view.sources, lastInputSeconds: 'node-event' };
}

function setConnected(
  view: Mutable<InstanceView>,
  entries: readonly ListedEntry[],
  node: ListedNode | undefined,
  rules: RowRules,
): void {
  const since = [
    ...entries.map(({ onlineSinceMs }) => onlineSinceMs),
    node?.isConnected && node.connectedAtMs,
  ];
  const known = since.filter((moment) => typeof moment === 'number');
  if (known.length > 0) view.connectedAtMs = oursOf(Math.min(...known), rules);
  view.firstSeenAtMs = Math.min(view.firstSeenAtMs, view.connectedAtMs ?? view.firstSeenAtMs);
  if (view.reason === 'disconnect') view.reason = 'connect';
}

/** The gateway's own row: while it answers, it is as fresh as the reading. */
export function gatewayRow(facts: Facts, { name, nowMs }: Pick<RowRules, 'name' | 'nowMs'>): InstanceView {
  const ts = Math.round(nowMs);
  return {
    key: gatewayKey(name),
    host: name,
    ...facts,
    mode: 'gateway',
    reason: 'self',
    ts,
    connections: 0,
    firstSeenAtMs: ts,
    self: true,
    sources: {},
  };
}
