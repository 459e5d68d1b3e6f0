import { type InstanceView, sameValue, wholeUpstreamView } from '../../core/index.ts';
import { type ListedEntry, readListedEntries } from './listed-entry.ts';
import { type ListedNode, readListedNodes, readNodePresence, readNodeStats } from './listed-node.ts';
import { jitterMs, type ReadRow, type RowRules, rowsOf } from './upstream-rows.ts';

/** What changed among the rows of an upstream since the last time: plain data, for the roster. */
export interface RowChanges {
  readonly upsert: readonly InstanceView[];
  /** Keys. */
  readonly remove: readonly string[];
}

/** The rules of rows that change with every reading; the others are fixed for an upstream. */
export type Moment = Pick<RowRules, 'offsetMs' | 'nowMs'>;

/** What the list of an upstream depends on. */
export type ListOptions = Omit<RowRules, 'offsetMs' | 'nowMs'>;

/**
 * A row that was only renewed is published again when its `ts` is this much older: below the age at which a row stops
 * being active, and far above the pings of 25 s by which gateways renew every row.
 */
const renewalMs = 45_000;

/**
 * The list of one upstream that speaks OpenClaw's protocol, as far as it was received.
 *
 * It takes what arrived and then returns changes: a list, or an event, replaces what it took before, and what
 * cannot be read changes nothing. Holds at most `maxRows` rows and as many nodes.
 */
export class UpstreamList {
  readonly #options: ListOptions;
  /** The `gateways` of rows. */
  readonly #gateways: readonly string[];
  #entries: readonly ListedEntry[] = [];
  #nodes = new Map<string, ListedNode>();
  readonly #published = new Map<string, ReadRow>();

  constructor(options: ListOptions) {
    this.#options = options;
    this.#gateways = [options.name];
  }

  /** Takes the answer of `system-presence`, or the list in an event; false when it is no list. */
  takeEntries(value: unknown): boolean {
    const entries = readListedEntries(value, this.#options.maxRows, this.#entries);
    if (entries !== undefined) this.#entries = entries;
    return entries !== undefined;
  }

  /** Takes the answer of `node.list`; false when it is invalid. */
  takeNodes(value: unknown): boolean {
    const nodes = readListedNodes(value, this.#options.maxRows);
    if (nodes !== undefined) this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    return nodes !== undefined;
  }

  /** Takes an event about one node: `unlisted` when that node is not listed, `unreadable` when it names none. */
  takeNodeEvent(
    event: 'node.presence' | 'node.hostStats',
    payload: unknown,
  ): 'taken' | 'unlisted' | 'unreadable' {
    const { id, ...news } = event === 'node.presence' ? readNodePresence(payload) : readNodeStats(payload);
    if (id === undefined) return 'unreadable';
    const known = this.#nodes.get(id);
    if (known === undefined) return 'unlisted';
    this.#nodes.set(known.id, { ...known, ...news });
    return 'taken';
  }

  /** Instance id of the gateway itself, as it lists it: new at every start of it. */
  get selfInstanceId(): string | undefined {
    return this.#entries.find(({ kind }) => kind === 'self')?.facts.instanceId;
  }

  /** Version of the gateway itself, as it lists it. */
  get selfVersion(): string | undefined {
    return this.#entries.find(({ kind }) => kind === 'self')?.facts.version;
  }

  /**
   * The changes of the rows since the last call.
   *
   * @param isAwaited true for a row that is expected back: it stays while it is not listed (PU7).
   */
  changes(moment: Moment, isAwaited: (key: string) => boolean = () => false): RowChanges {
    const reading = { entries: this.#entries, nodes: this.#nodes };
    const rows = rowsOf(reading, { ...this.#options, ...moment }, this.#published);
    const upsert: InstanceView[] = [];
    for (const row of rows) {
      const { key } = row.view;
      const known = this.#published.get(key);
      if (row === known) continue;
      const kept = keptRow(row, known, this.#gateways);
      if (kept.view !== known?.view) upsert.push(kept.view);
      this.#published.set(key, kept);
    }
    return { upsert, remove: this.#dropUnlisted(rows, isAwaited) };
  }

  /** Removes rows that are neither listed nor awaited; returns their keys. */
  #dropUnlisted(rows: readonly ReadRow[], isAwaited: (key: string) => boolean): readonly string[] {
    if (this.#published.size === rows.length) return [];
    const listed = new Set(rows.map(({ view }) => view.key));
    const gone = [...this.#published.keys()].filter((key) => !listed.has(key) && !isAwaited(key));
    for (const key of gone) this.#published.delete(key);
    return gone;
  }

  /** Resets what was published: the next changes are all rows. */
  forget(): void {
    this.#published.clear();
  }

  /** The rows that were published last, by key. */
  get published(): ReadonlyMap<string, unknown> {
    return this.#published;
  }

  /** The next moment, by our clock, at which a row expires although nothing arrives. */
  nextExpiryMs(): number | undefined {
    let earliestMs: number | undefined;
    for (const { view } of this.#published.values()) {
      const { connections, ts, self } = view;
      if (connections > 0 || self === true) continue;
      earliestMs = Math.min(earliestMs ?? Number.POSITIVE_INFINITY, ts + this.#options.ttlMs + 1);
    }
    return earliestMs;
  }
}

/** Keeps the published row when only moments differ; its entry is always the latest. */
function keptRow(row: ReadRow, known: ReadRow | undefined, gateways: readonly string[]): ReadRow {
  const view = wholeUpstreamView(row.view, known?.view, gateways);
  return { view: known !== undefined && isSame(known.view, view) ? known.view : view, entry: row.entry };
}

/** Members of a row that are moments, or are derived from one. */
const moments: ReadonlySet<string> = new Set([
  'ts',
  'firstSeenAtMs',
  'connectedAtMs',
  'disconnectedAtMs',
  'lastInputSeconds',
]);

/** True when only moments differ, by less than viewers would notice. */
export function isSame(known: InstanceView, row: InstanceView): boolean {
  if (row.ts - known.ts >= renewalMs || known.ts - row.ts > jitterMs) return false;
  if (Math.abs(inputAtMs(known) - inputAtMs(row)) > jitterMs) return false;
  if (Math.abs((known.connectedAtMs ?? 0) - (row.connectedAtMs ?? 0)) > jitterMs) return false;
  if ((known.lastInputSeconds === undefined) !== (row.lastInputSeconds === undefined)) return false;
  return hasLastingOf(known, row) && hasLastingOf(row, known);
}

/** True when a row has everything of another but its moments. */
function hasLastingOf(row: InstanceView, other: InstanceView): boolean {
  for (const name in other) {
    if (moments.has(name)) continue;
    if (!Object.hasOwn(row, name) || !sameValue(Reflect.get(row, name), Reflect.get(other, name)))
      return false;
  }
  return true;
}

function inputAtMs({ ts, lastInputSeconds }: InstanceView): number {
  return lastInputSeconds === undefined ? 0 : ts - lastInputSeconds * 1000;
}
