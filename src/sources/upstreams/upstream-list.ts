import { sameValue } from '../../client/same-value.ts';
import type { InstanceView } from '../../core/index.ts';
import { type ListedEntry, readListedEntries } from './listed-entry.ts';
import { type ListedNode, readListedNodes, readNodePresence, readNodeStats } from './listed-node.ts';
import { type RowRules, rowsOf } from './upstream-rows.ts';

/** What changed among the rows of an upstream since the last time: plain data, for the roster. */
export interface RowChanges {
  readonly upsert: readonly InstanceView[];
  /** Keys. */
  readonly remove: readonly string[];
}

/** What is needed each time to make rows; the rest is fixed for an upstream. */
export type Moment = Pick<RowRules, 'offsetMs' | 'nowMs'>;

/** What a list of an upstream is made with. */
export type ListOptions = Omit<RowRules, 'offsetMs' | 'nowMs'>;

/**
 * A row that was only renewed is published again when its `ts` is this much older: below the age at which a row stops
 * being active, and far above the pings of 25 s by which gateways renew every row.
 */
const renewalMs = 45_000;
/** Moments of two readings that are nearer than this are the same moment, read through another delay of the network. */
const jitterMs = 1_500;

/**
 * The list of one upstream that speaks OpenClaw's language, as far as it was heard.
 *
 * It is told what arrived and then asked for changes: a list, or an event, replaces what it was told before, and what
 * cannot be read changes nothing. Holds at most `maxRows` rows and as many nodes.
 */
export class UpstreamList {
  readonly #options: ListOptions;
  #entries: readonly ListedEntry[] = [];
  #nodes = new Map<string, ListedNode>();
  #published = new Map<string, InstanceView>();

  constructor(options: ListOptions) {
    this.#options = options;
  }

  /** Takes the answer of `system-presence`, or the list in an event. False: it was no list. */
  takeEntries(value: unknown): boolean {
    const entries = readListedEntries(value, this.#options.maxRows);
    if (entries !== undefined) this.#entries = withKnownFacts(entries, this.#entries);
    return entries !== undefined;
  }

  /** Takes the answer of `node.list`. False: it was none. */
  takeNodes(value: unknown): boolean {
    const nodes = readListedNodes(value, this.#options.maxRows);
    if (nodes !== undefined) this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    return nodes !== undefined;
  }

  /** Takes an event about one node. False: it is not about one that is known. */
  takeNodeEvent(event: 'node.presence' | 'node.hostStats', payload: unknown): boolean {
    const { id, ...news } = event === 'node.presence' ? readNodePresence(payload) : readNodeStats(payload);
    const known = id === undefined ? undefined : this.#nodes.get(id);
    if (known === undefined) return false;
    this.#nodes.set(known.id, { ...known, ...news });
    return true;
  }

  /** Instance id of the gateway itself, as it lists it: new at every start of it. */
  get selfInstanceId(): string | undefined {
    return this.#entries.find(({ kind }) => kind === 'self')?.facts.instanceId;
  }

  /** Version of the gateway itself, as it lists it. */
  get selfVersion(): string | undefined {
    return this.#entries.find(({ kind }) => kind === 'self')?.facts.version;
  }

  /** What became of the rows since the last call. */
  changes(moment: Moment): RowChanges {
    const rows = rowsOf({ entries: this.#entries, nodes: this.#nodes }, { ...this.#options, ...moment });
    const upsert: InstanceView[] = [];
    const published = new Map<string, InstanceView>();
    for (const row of rows) {
      const known = this.#published.get(row.key);
      const kept = known !== undefined && isSame(known, row) ? known : withFirstSeen(row, known);
      if (kept !== known) upsert.push(kept);
      published.set(row.key, kept);
    }
    const remove = [...this.#published.keys()].filter((key) => !published.has(key));
    this.#published = published;
    return { upsert, remove };
  }

  /** Forgets what was published: the next changes are all rows. */
  forget(): void {
    this.#published = new Map();
  }

  /** All rows as published last. */
  rows(): readonly InstanceView[] {
    return [...this.#published.values()];
  }

  /** The next moment, by our clock, at which a row expires although nothing arrives. */
  nextExpiryMs(): number | undefined {
    let earliestMs: number | undefined;
    for (const { connections, ts, self } of this.#published.values()) {
      if (connections > 0 || self === true) continue;
      earliestMs = Math.min(earliestMs ?? Number.POSITIVE_INFINITY, ts + this.#options.ttlMs + 1);
    }
    return earliestMs;
  }
}

/** Facts that did not change stay the same objects: their texts are kept once, by the entries and by the rows. */
function withKnownFacts(
  entries: readonly ListedEntry[],
  before: readonly ListedEntry[],
): readonly ListedEntry[] {
  const placeOf = ({ kind, facts }: ListedEntry): string =>
    `${kind} ${facts.instanceId} ${facts.deviceId} ${facts.host}`;
  const known = new Map(before.map((entry) => [placeOf(entry), entry.facts]));
  return entries.map((entry) => {
    const facts = known.get(placeOf(entry));
    return facts !== undefined && sameValue(facts, entry.facts) ? { ...entry, facts } : entry;
  });
}

function withFirstSeen(row: InstanceView, known: InstanceView | undefined): InstanceView {
  if (known === undefined || known.firstSeenAtMs >= row.firstSeenAtMs) return row;
  return { ...row, firstSeenAtMs: known.firstSeenAtMs };
}

/** Members of a row that are moments, or count from one. */
const moments: ReadonlySet<string> = new Set([
  'ts',
  'firstSeenAtMs',
  'connectedAtMs',
  'disconnectedAtMs',
  'lastInputSeconds',
]);

function lastingNames(row: InstanceView): readonly string[] {
  return Object.keys(row).filter((name) => !moments.has(name));
}

/** True when nothing is different but moments, by less than viewers would notice. */
export function isSame(known: InstanceView, row: InstanceView): boolean {
  if (row.ts - known.ts >= renewalMs || known.ts - row.ts > jitterMs) return false;
  if (Math.abs(inputAtMs(known) - inputAtMs(row)) > jitterMs) return false;
  if (Math.abs((known.connectedAtMs ?? 0) - (row.connectedAtMs ?? 0)) > jitterMs) return false;
  if ((known.lastInputSeconds === undefined) !== (row.lastInputSeconds === undefined)) return false;
  const names = lastingNames(known);
  if (names.length !== lastingNames(row).length) return false;
  return names.every(
    (name) => Object.hasOwn(row, name) && sameValue(Reflect.get(known, name), Reflect.get(row, name)),
  );
}

function inputAtMs({ ts, lastInputSeconds }: InstanceView): number {
  return lastInputSeconds === undefined ? 0 : ts - lastInputSeconds * 1000;
}
