import type { Cause, Change, InstanceView, Instant, Remove, Upsert } from '../../core/index.ts';
import { EntryRing } from './entry-ring.ts';
import { departureStep, type FlappingRules, flappingSteps, noteDeparture, returnStep } from './flapping.ts';
import {
  type EntryExtra,
  type JournalKind,
  type Previous,
  type RowState,
  type StoredEntry,
  unpackStep,
} from './journal-entry.ts';
import { changedParts, type JournalRow, journalRow } from './journal-row.ts';
import { isHere, KnownRow, lastSeenMs } from './known-row.ts';
import { applyEntry, copyRows, type PastRow, type PastRows } from './past-rows.ts';
import { Pool } from './pool.ts';
import { joinCause, kindOf, removalCause, rowState, stateCause } from './row-state.ts';

/** Bounds of a journal (PJ5, PJ6). */
export interface JournalRules extends FlappingRules {
  /** Most entries that are kept. */
  readonly maxEntries: number;
  /** Longest age of an entry, milliseconds. */
  readonly maxAgeMs: number;
}

/** A departure or return of a flapping instance, which is no entry of its own. */
export interface JournalStep {
  readonly entry: StoredEntry;
  readonly step: number;
}

/** What was added to the journal, in order. */
export type Recorded = readonly (StoredEntry | JournalStep)[];

/** What a journal goes on from: the rows before its first entry, and what came after them. */
export interface JournalStart {
  /** Everything since this moment is known. */
  readonly sinceMs: number;
  readonly base?: Iterable<PastRow>;
  /** Id of the entry before the first. */
  readonly lastId?: number;
}

/** A row that is new or different. */
type RowChange = Pick<Upsert, 'view' | 'cause' | 'previous' | 'previousKey'>;

/** How a row is after a change. */
interface Update {
  readonly row: JournalRow;
  readonly state: Exclude<RowState, 'gone'>;
  readonly atMs: number;
  readonly previous?: Previous | undefined;
}

/** An entry without what follows from its row. */
type NewEntry = Pick<StoredEntry, 'kind' | 'state' | 'cause' | 'extra'> & { readonly atMs: number };

type Adding = (StoredEntry | JournalStep)[];

const nothing: Recorded = [];

/**
 * Who came, who went, and why: turns changes of the roster into entries (PJ2), bounded by number and age (PJ5).
 *
 * Data only: changes and moments come as arguments. Recording a change costs O(1). What is dropped at the old end goes
 * into the base, so that base and entries give the roster at every moment since {@link knownSinceMs} (PJ4).
 */
export class Journal {
  readonly #rules: JournalRules;
  readonly #ring = new EntryRing();
  readonly #known = new Map<string, KnownRow>();
  readonly #base: PastRows;
  readonly #pool = new Pool();
  #lastId: number;
  #knownSinceMs: number;

  constructor(rules: JournalRules, { sinceMs, base = [], lastId = 0 }: JournalStart) {
    this.#rules = rules;
    this.#knownSinceMs = sinceMs;
    this.#lastId = lastId;
    this.#base = new Map(Array.from(base, (row) => [row.key, row]));
    for (const row of this.#base.values()) this.#known.set(row.key, new KnownRow(row));
  }

  /** Entries that are kept. */
  get size(): number {
    return this.#ring.size;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Id of the oldest entry, or of the next one when there is none. */
  get oldestId(): number {
    return this.#ring.oldest?.id ?? this.#lastId + 1;
  }

  get knownSinceMs(): number {
    return this.#knownSinceMs;
  }

  /** The rows before the oldest entry. */
  get base(): ReadonlyMap<string, PastRow> {
    return this.#base;
  }

  /** The gateway starts with these rows, its own among them; what else the journal knew as listed is gone. */
  start(rows: Iterable<InstanceView>, now: Instant, evidence?: string): Recorded {
    const adding: Adding = [];
    const views = [...rows];
    const self = views.find((view) => view.self === true);
    if (self !== undefined) this.#gateway(self, 'gateway-started', now.wallMs, evidence, adding);
    const keys = new Set(views.map(({ key }) => key));
    for (const known of [...this.#known.values()]) {
      if (known.state !== 'gone' && !keys.has(known.key))
        this.#remove(known, { cause: notListed, trigger: 'self' }, now.wallMs, adding);
    }
    for (const view of views)
      if (view !== self) this.#upsert({ view, cause: listedAtStart }, now.wallMs, adding);
    this.#trim(now.wallMs);
    return adding;
  }

  /** The gateway says goodbye; its clients leave after it. */
  stopping(self: InstanceView, now: Instant, evidence?: string): Recorded {
    const adding: Adding = [];
    this.#gateway(self, 'gateway-stopping', now.wallMs, evidence, adding);
    return adding;
  }

  /** The roster changed. */
  record(changes: readonly Change[], now: Instant): Recorded {
    const adding: Adding = [];
    for (const [index, change] of changes.entries()) {
      if (change.kind === 'upsert') this.#upsert(change, now.wallMs, adding);
      else if (!isMove(change, changes[index + 1])) this.#removed(change, now.wallMs, adding);
    }
    if (adding.length === 0) return nothing;
    this.#trim(now.wallMs);
    return adding;
  }

  /** Takes in an entry that was recorded before; its id is the next one. */
  restore(entry: StoredEntry): void {
    if (entry.id !== this.#lastId + 1)
      throw new TypeError(`entry ${entry.id} does not follow ${this.#lastId}`);
    this.#lastId = entry.id;
    const { key, row, state, cause, at, extra } = entry;
    const moved = this.#known.get(extra?.previous?.key ?? '');
    if (moved !== undefined) this.#move(moved, key);
    const known = this.#known.get(key) ?? this.#add({ key, row, state, sinceMs: at, cause });
    known.row = row;
    if (known.state !== state) known.stand(state, cause, at, extra?.lastSeenMs);
    known.lastId = entry.id;
    this.#ring.push(entry);
    this.#trim(at);
  }

  /** Takes in a step that was recorded before. */
  restoreStep(entryId: number, step: number, count: number, untilMs: number): void {
    const entry = this.#ring.byId(entryId);
    const flapping = entry?.extra?.flapping;
    if (flapping !== undefined) Object.assign(flapping, { count, untilMs }).steps.push(step);
    const { atMs, state } = unpackStep(step);
    if (entry !== undefined) this.#known.get(entry.key)?.stand(state, entry.cause, atMs);
  }

  /** Drops what is too old (PJ5). */
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
    for (const { key, row, state, sinceMs, cause } of this.#known.values()) {
      if (state !== 'gone') rows.set(key, { key, row, state, sinceMs, cause });
    }
    return rows;
  }

  /** True when there is an entry about a row, or it was listed before the oldest one. */
  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** What is known of every instance now, of those that left as well as long as there is an entry about them. */
  known(): Iterable<Readonly<KnownRow>> {
    return this.#known.values();
  }

  #gateway(
    view: InstanceView,
    kind: JournalKind,
    atMs: number,
    evidence: string | undefined,
    adding: Adding,
  ): void {
    const known = this.#known.get(view.key);
    const row = journalRow(view, known?.row, this.#pool);
    const previous = known && changedParts(known.row, row);
    const cause: Cause | undefined =
      evidence === undefined ? undefined : { code: 'gateway-restart', evidence };
    const target = known ?? this.#add({ key: view.key, row, state: 'online', sinceMs: atMs, cause });
    target.row = row;
    this.#write(target, { kind, state: 'online', cause, atMs, extra: extraOf(previous) }, adding);
  }

  #upsert(change: RowChange, atMs: number, adding: Adding): void {
    const { view, previousKey } = change;
    const known = this.#known.get(previousKey ?? view.key) ?? this.#known.get(view.key);
    const row = journalRow(view, known?.row, this.#pool);
    const state = rowState(view);
    if (known === undefined) return this.#join(change, { row, state, atMs }, adding);
    const isMoved = known.key !== view.key;
    const parts = changedParts(known.row, row);
    if (change.cause?.code === 'woke' && known.state === state)
      return this.#woke(known, change, { row, atMs }, adding);
    if (known.state === state && parts === undefined && !isMoved) return;
    const previous = isMoved ? { ...parts, key: known.key } : parts;
    if (isMoved) this.#move(known, view.key);
    this.#update(known, change, { row, state, atMs, previous }, adding);
  }

  /** An agent says that its machine slept: only now is it known that it did, and since when it was silent (PJ1). */
  #woke(
    known: KnownRow,
    change: RowChange,
    { row, atMs }: Pick<Update, 'row' | 'atMs'>,
    adding: Adding,
  ): void {
    const { state } = known;
    const previous = changedParts(known.row, row);
    known.row = row;
    const asleep = sleptSince(known, change.previous?.ts, atMs);
    this.#write(known, { kind: 'changed', state, cause: asleep, atMs, extra: undefined }, adding);
    this.#write(
      known,
      { kind: 'changed', state, cause: change.cause, atMs, extra: extraOf(previous) },
      adding,
    );
  }

  #join(change: RowChange, { row, state, atMs }: Update, adding: Adding): void {
    const cause = joinCause(change.cause, state);
    const known = this.#add({ key: change.view.key, row, state, sinceMs: atMs, cause });
    const kind = kindOf(change.view, true, 'gone', state);
    this.#write(known, { kind, state, cause, atMs, extra: undefined }, adding);
  }

  #update(known: KnownRow, change: RowChange, update: Update, adding: Adding): void {
    const { row, state, atMs, previous } = update;
    const kind = kindOf(change.view, false, known.state, state);
    const cause = stateCause(change.cause, known, state, atMs);
    known.row = row;
    if (kind === 'left') {
      const seenMs = lastSeenMs(cause, change.previous?.ts);
      return this.#depart(known, { kind, state, cause, atMs, extra: extraOf(previous, seenMs) }, adding);
    }
    const step =
      kind === 'returned' && previous === undefined ? returnStep(known, atMs, state, this.#rules) : undefined;
    if (step !== undefined) return this.#step(known, step, cause, adding);
    const isOther = kind === 'changed' && known.state !== state;
    const extra = extraOf(isOther ? { ...previous, state: known.state } : previous);
    this.#write(known, { kind, state, cause, atMs, extra }, adding);
  }

  #removed(change: Remove, atMs: number, adding: Adding): void {
    const known = this.#known.get(change.key);
    if (known !== undefined && known.state !== 'gone') this.#remove(known, change, atMs, adding);
  }

  #remove(
    known: KnownRow,
    change: Pick<Remove, 'cause' | 'previous' | 'trigger'>,
    atMs: number,
    adding: Adding,
  ): void {
    const cause = removalCause(change, known.state);
    const extra = extraOf(
      undefined,
      isHere(known.state) ? lastSeenMs(cause, change.previous?.ts) : undefined,
    );
    const entry: NewEntry = { kind: 'removed', state: 'gone', cause, atMs, extra };
    if (known.state === 'online' && change.trigger === 'transient') this.#depart(known, entry, adding);
    else this.#write(known, entry, adding);
  }

  /** Somebody left: an entry, or one departure more of an instance that flaps (PJ6). */
  #depart(known: KnownRow, entry: NewEntry, adding: Adding): void {
    const isFlapping = noteDeparture(known, entry.atMs, this.#rules);
    const { departures } = known;
    if (!isFlapping || departures === undefined || entry.extra?.previous !== undefined) {
      this.#write(known, entry, adding);
      return;
    }
    const step = departureStep(known, entry.atMs, entry.state);
    if (step !== undefined) return this.#step(known, step, entry.cause, adding);
    const extra = { ...entry.extra, flapping: flappingSteps(departures, entry.atMs) };
    departures.open = this.#write(known, { ...entry, kind: 'flapping', extra }, adding);
  }

  #step(known: KnownRow, step: number, cause: Cause | undefined, adding: Adding): void {
    const { atMs, state } = unpackStep(step);
    known.stand(state, cause, atMs);
    const entry = known.departures?.open;
    if (entry !== undefined) adding.push({ entry, step });
  }

  /** Every entry ends the counting of the one before it about the same row, so that their order is that of time. */
  #write(known: KnownRow, added: NewEntry, adding: Adding): StoredEntry {
    const { key, row } = known;
    const { kind, state, atMs, extra } = added;
    const cause = this.#pool.cause(added.cause);
    const entry: StoredEntry = { id: this.#lastId + 1, at: atMs, kind, key, row, state, cause, extra };
    if (known.state !== state) known.stand(state, cause, atMs, extra?.lastSeenMs);
    if (known.departures !== undefined) known.departures.open = undefined;
    known.lastId = entry.id;
    this.#lastId = entry.id;
    this.#ring.push(entry);
    adding.push(entry);
    return entry;
  }

  #add(row: ConstructorParameters<typeof KnownRow>[0]): KnownRow {
    const known = new KnownRow(row);
    this.#known.set(row.key, known);
    return known;
  }

  #move(known: KnownRow, key: string): void {
    this.#known.delete(known.key);
    known.key = key;
    this.#known.set(key, known);
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
    const known = this.#known.get(entry.key);
    if (known?.departures?.open === entry) known.departures.open = undefined;
    if (known?.state === 'gone' && known.lastId === entry.id) this.#known.delete(entry.key);
  }
}

const notListed: Cause = { code: 'gateway-restart', evidence: 'not listed after its gateway started' };
const listedAtStart: Cause = { code: 'unknown', evidence: 'listed when this gateway started' };

/** The latest sign of life before an agent says that it slept: that before its connection was lost, or its last report. */
function sleptSince({ lastAway }: KnownRow, previousTs: number | undefined, atMs: number): Cause {
  const lastMs = lastAway !== undefined && atMs - lastAway.untilMs < 60_000 ? lastAway.seenMs : previousTs;
  if (lastMs === undefined) return { code: 'slept', evidence: 'its agent says so' };
  return {
    code: 'slept',
    evidence: `its agent says so; heard from last at ${new Date(Math.round(lastMs)).toISOString()}`,
  };
}

function extraOf(previous: Previous | undefined, lastSeenMs?: number): EntryExtra | undefined {
  if (previous === undefined && lastSeenMs === undefined) return undefined;
  return { ...(previous && { previous }), ...(lastSeenMs !== undefined && { lastSeenMs }) };
}

/** True for the removal of a key that the row's next upsert gives up: a takeover is one entry (PK8). */
function isMove({ key, trigger }: Remove, next: Change | undefined): boolean {
  return trigger === 'taken-over' && next?.kind === 'upsert' && next.previousKey === key;
}
