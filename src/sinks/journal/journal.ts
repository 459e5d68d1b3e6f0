import type { Cause, Change, InstanceView, Instant, Remove } from '../../core/index.ts';
import { EntryRing } from './entry-ring.ts';
import { EntryWriter, type Recorded, type RecordedList } from './entry-writer.ts';
import type { FlappingRules } from './flapping.ts';
import { type StoredEntry, unpackStep } from './journal-entry.ts';
import { KnownRow } from './known-row.ts';
import { applyEntry, copyRows, type PastRow, type PastRows } from './past-rows.ts';

/** Bounds of a journal (PJ5, PJ6). */
export interface JournalRules extends FlappingRules {
  /** Most entries that are kept. */
  readonly maxEntries: number;
  /** Longest age of an entry, milliseconds. */
  readonly maxAgeMs: number;
}

/** The state from which a journal continues: the rows before its first entry. */
export interface JournalStart {
  /** Every change since this moment is recorded, milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly base?: Iterable<PastRow>;
  /** Id of the entry before the first. */
  readonly lastId?: number;
}

const nothing: Recorded = [];

/**
 * Turns changes of the roster into entries (PJ2), bounded by number and age (PJ5).
 *
 * Data only: changes and moments come as arguments. Recording a change costs O(1). An entry that is dropped is applied
 * to the base, so that base and entries give the roster at every moment since {@link knownSinceMs} (PJ4).
 */
export class Journal {
  readonly #rules: JournalRules;
  readonly #ring = new EntryRing();
  readonly #base: PastRows;
  readonly #writer: EntryWriter;
  #knownSinceMs: number;

  constructor(rules: JournalRules, { sinceMs, base = [], lastId = 0 }: JournalStart) {
    this.#rules = rules;
    this.#knownSinceMs = momentMs(sinceMs);
    this.#writer = new EntryWriter(this.#ring, rules, lastId);
    this.#base = new Map(Array.from(base, (row) => [row.key, row]));
    for (const row of this.#base.values()) this.#writer.known.set(row.key, new KnownRow(row));
  }

  /** Entries that are kept. */
  get size(): number {
    return this.#ring.size;
  }

  get lastId(): number {
    return this.#writer.lastId;
  }

  /** Id of the oldest entry, or of the next one when there is none. */
  get oldestId(): number {
    return this.#ring.oldest?.id ?? this.#writer.lastId + 1;
  }

  get knownSinceMs(): number {
    return this.#knownSinceMs;
  }

  /** The rows before the oldest entry. */
  get base(): ReadonlyMap<string, PastRow> {
    return this.#base;
  }

  /** Records the start of the gateway with these rows, its own among them; every other row that was listed is removed. */
  start(rows: Iterable<InstanceView>, now: Instant, evidence?: string): Recorded {
    const recorded: RecordedList = [];
    const atMs = momentMs(now.wallMs);
    const views = [...rows];
    const self = views.find((view) => view.self === true);
    if (self !== undefined) this.#writer.gateway(self, 'gateway-started', atMs, evidence, recorded);
    const keys = new Set(views.map(({ key }) => key));
    for (const known of [...this.#writer.known.values()]) {
      if (known.state !== 'gone' && !keys.has(known.key))
        this.#writer.remove(known, { cause: notListed, trigger: 'self' }, atMs, recorded);
    }
    for (const view of views)
      if (view !== self) this.#writer.upsert({ view, cause: listedAtStart }, atMs, recorded);
    this.#trim(atMs);
    return recorded;
  }

  /** Records that the gateway is stopping; called before its connections close. */
  stopping(self: InstanceView, now: Instant, evidence?: string): Recorded {
    const recorded: RecordedList = [];
    this.#writer.gateway(self, 'gateway-stopping', momentMs(now.wallMs), evidence, recorded);
    return recorded;
  }

  /** Records changes of the roster. */
  record(changes: readonly Change[], now: Instant): Recorded {
    const recorded: RecordedList = [];
    const atMs = momentMs(now.wallMs);
    for (const [index, change] of changes.entries()) {
      if (change.kind === 'upsert') this.#writer.upsert(change, atMs, recorded);
      else if (!isMove(change, changes[index + 1])) this.#writer.removed(change, atMs, recorded);
    }
    if (recorded.length === 0) return nothing;
    this.#trim(atMs);
    return recorded;
  }

  /** Adds an entry of an earlier run. Throws `TypeError` when its id is not the next one. */
  restore(entry: StoredEntry): void {
    if (entry.id !== this.#writer.lastId + 1)
      throw new TypeError(`entry ${entry.id} does not follow ${this.#writer.lastId}`);
    this.#writer.lastId = entry.id;
    const { key, row, state, cause, at, extra } = entry;
    const moved = this.#writer.known.get(extra?.previous?.key ?? '');
    if (moved !== undefined) this.#writer.move(moved, key);
    const known = this.#writer.known.get(key) ?? this.#writer.add({ key, row, state, sinceMs: at, cause });
    known.row = row;
    if (known.state !== state) known.setState(state, cause, at, extra?.lastSeenMs);
    known.lastId = entry.id;
    this.#ring.push(entry);
    this.#trim(at);
  }

  /** Adds a step of an earlier run. */
  restoreStep(entryId: number, step: number, count: number, untilMs: number): void {
    const entry = this.#ring.byId(entryId);
    const flapping = entry?.extra?.flapping;
    if (flapping !== undefined) Object.assign(flapping, { count, untilMs }).steps.push(step);
    const { atMs, state } = unpackStep(step);
    if (entry !== undefined) this.#writer.known.get(entry.key)?.setState(state, entry.cause, atMs);
  }

  /** Drops entries that are too old (PJ5). */
  trim(now: Instant): void {
    this.#trim(now.wallMs);
  }

  /** Entries after an id, oldest first. */
  *after(id: number): Generator<StoredEntry, void, undefined> {
    for (let index = this.#ring.indexAfter(id); index < this.#ring.size; index += 1) {
      const entry = this.#ring.at(index);
      if (entry !== undefined) yield entry;
    }
  }

  /** All entries, newest first. */
  *newestFirst(): Generator<StoredEntry, void, undefined> {
    for (let index = this.#ring.size - 1; index >= 0; index -= 1) {
      const entry = this.#ring.at(index);
      if (entry !== undefined) yield entry;
    }
  }

  /** The rows that were listed at a moment; `undefined` when it is before {@link knownSinceMs} (PJ4). */
  at(atMs: number): PastRows | undefined {
    if (atMs < this.#knownSinceMs) return undefined;
    const rows = copyRows(this.#base);
    // A clock that was set back leaves later entries with earlier moments: the latest entry that fits counts.
    let last = this.#ring.size - 1;
    while (last >= 0 && (this.#ring.at(last)?.at ?? 0) > atMs) last -= 1;
    for (let index = 0; index <= last; index += 1) {
      const entry = this.#ring.at(index);
      if (entry !== undefined) applyEntry(rows, entry, atMs);
    }
    return rows;
  }

  /** The rows that are listed now. */
  present(): PastRows {
    const rows: PastRows = new Map();
    for (const { key, row, state, sinceMs, cause } of this.#writer.known.values()) {
      if (state !== 'gone') rows.set(key, { key, row, state, sinceMs, cause });
    }
    return rows;
  }

  /** True when there is an entry about a row, or it was listed before the oldest one. */
  has(key: string): boolean {
    return this.#writer.known.has(key);
  }

  /** The latest state of every instance, of a removed one as long as there is an entry about it. */
  known(): Iterable<Readonly<KnownRow>> {
    return this.#writer.known.values();
  }

  #trim(nowMs: number): void {
    const { maxEntries, maxAgeMs } = this.#rules;
    for (let oldest = this.#ring.oldest; oldest !== undefined; oldest = this.#ring.oldest) {
      if (this.#ring.size <= maxEntries && nowMs - oldest.at <= maxAgeMs) return;
      this.#ring.shift();
      this.#forget(oldest);
    }
  }

  #forget(entry: StoredEntry): void {
    applyEntry(this.#base, entry, Number.POSITIVE_INFINITY);
    const endMs = entry.extra?.flapping?.steps.at(-1);
    this.#knownSinceMs = Math.max(
      this.#knownSinceMs,
      entry.at,
      endMs === undefined ? 0 : unpackStep(endMs).atMs,
    );
    // No other entry takes steps, or is the last of an instance that is gone.
    if (entry.kind !== 'flapping' && entry.state !== 'gone') return;
    const known = this.#writer.known.get(entry.key);
    if (known?.departures?.open === entry) known.departures.open = undefined;
    if (known?.state === 'gone' && known.lastId === entry.id) this.#writer.known.delete(entry.key);
  }
}

const notListed: Cause = { code: 'gateway-restart', evidence: 'not listed after its gateway started' };
const listedAtStart: Cause = { code: 'unknown', evidence: 'listed when this gateway started' };

/** A moment as it is stored and asked for: whole milliseconds. The clock of a cluster has fractions. */
function momentMs(wallMs: number): number {
  return Math.floor(wallMs);
}

/** True for the removal of a row's old key when the next change lists the row under its new one: a takeover is one entry (PK8). */
function isMove({ key, trigger }: Remove, next: Change | undefined): boolean {
  return trigger === 'taken-over' && next?.kind === 'upsert' && next.previousKey === key;
}
