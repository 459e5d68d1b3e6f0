import { type Cause, type InstanceView, type Remove, SharedValues, type Upsert } from '../../core/index.ts';
import type { EntryRing } from './entry-ring.ts';
import { departureStep, type FlappingRules, flappingSteps, recordDeparture, returnStep } from './flapping.ts';
import {
  type EntryExtra,
  type JournalKind,
  type Previous,
  type RowState,
  type StoredEntry,
  unpackStep,
} from './journal-entry.ts';
import { changedParts, isOnlyNamed, type JournalRow, journalRow } from './journal-row.ts';
import { isActive, KnownRow, lastSeenMs } from './known-row.ts';
import { joinCause, kindOf, removalCause, rowState, stateCause } from './row-state.ts';

/** A departure or return of a flapping instance, which is no entry of its own. */
export interface JournalStep {
  readonly entry: StoredEntry;
  readonly step: number;
}

/** What was added to the journal, in order. */
export type Recorded = readonly (StoredEntry | JournalStep)[];

/** A row that is new or different. */
export type RowChange = Pick<Upsert, 'view' | 'cause' | 'previous' | 'previousKey'> &
  Partial<Pick<Upsert, 'trigger'>>;

/** A row after a change. */
interface Update {
  readonly row: JournalRow;
  readonly state: Exclude<RowState, 'gone'>;
  readonly atMs: number;
  readonly previous?: Previous | undefined;
}

/** An entry without what follows from its row. */
type NewEntry = Pick<StoredEntry, 'kind' | 'state' | 'cause' | 'extra'> & { readonly atMs: number };

export type RecordedList = (StoredEntry | JournalStep)[];

/** Turns changes of rows into entries (PJ2, PJ6), and holds the latest state of every instance. O(1) per change. */
export class EntryWriter {
  readonly known: Map<string, KnownRow> = new Map();
  /** Id of the latest entry. */
  lastId: number;
  readonly #ring: EntryRing;
  readonly #rules: FlappingRules;
  readonly #shared = new SharedValues();

  constructor(ring: EntryRing, rules: FlappingRules, lastId: number) {
    this.#ring = ring;
    this.#rules = rules;
    this.lastId = lastId;
  }

  gateway(
    view: InstanceView,
    kind: JournalKind,
    atMs: number,
    evidence: string | undefined,
    recorded: RecordedList,
  ): void {
    const known = this.known.get(view.key);
    const row = journalRow(view, known?.row, this.#shared);
    const previous = known && changedParts(known.row, row);
    const cause: Cause | undefined =
      evidence === undefined ? undefined : { code: 'gateway-restart', evidence };
    const target = known ?? this.add({ key: view.key, row, state: 'online', sinceMs: atMs, cause });
    target.row = row;
    this.#write(target, { kind, state: 'online', cause, atMs, extra: extraOf(previous) }, recorded);
  }

  upsert(change: RowChange, atMs: number, recorded: RecordedList): void {
    const { view, previousKey } = change;
    const known = this.known.get(previousKey ?? view.key) ?? this.known.get(view.key);
    const row =
      known !== undefined && keepsFacts(change) ? known.row : journalRow(view, known?.row, this.#shared);
    const state = rowState(view);
    if (known === undefined) return this.#join(change, { row, state, atMs }, recorded);
    const isMoved = known.key !== view.key;
    const parts = changedParts(known.row, row);
    if (change.cause?.code === 'woke' && known.state === state)
      return this.#woke(known, change, { row, atMs }, recorded);
    const isSame = parts === undefined || isOnlyNamed(parts, row);
    if (known.state === state && isSame && !isMoved) return;
    const previous = isMoved ? { ...parts, key: known.key } : parts;
    if (isMoved) this.move(known, view.key);
    this.#update(known, change, { row, state, atMs, previous }, recorded);
  }

  /** Records that an agent reported sleep of its machine, in two entries: since when it slept, and that it woke (PJ1). */
  #woke(
    known: KnownRow,
    change: RowChange,
    { row, atMs }: Pick<Update, 'row' | 'atMs'>,
    recorded: RecordedList,
  ): void {
    const { state } = known;
    const previous = changedParts(known.row, row);
    known.row = row;
    const asleep = sleptSince(known, change.previous?.ts, atMs);
    this.#write(known, { kind: 'changed', state, cause: asleep, atMs, extra: undefined }, recorded);
    this.#write(
      known,
      { kind: 'changed', state, cause: change.cause, atMs, extra: extraOf(previous) },
      recorded,
    );
  }

  #join(change: RowChange, { row, state, atMs }: Update, recorded: RecordedList): void {
    const cause = joinCause(change.cause, state);
    const known = this.add({ key: change.view.key, row, state, sinceMs: atMs, cause });
    const kind = kindOf(change.view, true, 'gone', state);
    this.#write(known, { kind, state, cause, atMs, extra: undefined }, recorded);
  }

  #update(known: KnownRow, change: RowChange, update: Update, recorded: RecordedList): void {
    const { row, state, atMs, previous } = update;
    const kind = kindOf(change.view, false, known.state, state);
    const cause = stateCause(change.cause, known, state, atMs);
    known.row = row;
    if (kind === 'left') {
      const seenMs = lastSeenMs(cause, change.previous?.ts);
      return this.#depart(known, { kind, state, cause, atMs, extra: extraOf(previous, seenMs) }, recorded);
    }
    const step =
      kind === 'returned' && previous === undefined ? returnStep(known, atMs, state, this.#rules) : undefined;
    if (step !== undefined) return this.#step(known, step, cause, recorded);
    const isOther = kind === 'changed' && known.state !== state;
    const extra = extraOf(isOther ? { ...previous, state: known.state } : previous);
    this.#write(known, { kind, state, cause, atMs, extra }, recorded);
  }

  removed(change: Remove, atMs: number, recorded: RecordedList): void {
    const known = this.known.get(change.key);
    if (known !== undefined && known.state !== 'gone') this.remove(known, change, atMs, recorded);
  }

  remove(
    known: KnownRow,
    change: Pick<Remove, 'cause' | 'previous' | 'trigger'>,
    atMs: number,
    recorded: RecordedList,
  ): void {
    const cause = removalCause(change, known.state);
    const extra = extraOf(
      undefined,
      isActive(known.state) ? lastSeenMs(cause, change.previous?.ts) : undefined,
    );
    const entry: NewEntry = { kind: 'removed', state: 'gone', cause, atMs, extra };
    if (known.state === 'online' && change.trigger === 'transient') this.#depart(known, entry, recorded);
    else this.#write(known, entry, recorded);
  }

  /** Records a departure: an entry, or a step of the entry of an instance that flaps (PJ6). */
  #depart(known: KnownRow, entry: NewEntry, recorded: RecordedList): void {
    const isFlapping = recordDeparture(known, entry.atMs, this.#rules);
    const { departures } = known;
    if (!isFlapping || departures === undefined || entry.extra?.previous !== undefined) {
      this.#write(known, entry, recorded);
      return;
    }
    const step = departureStep(known, entry.atMs, entry.state);
    if (step !== undefined) return this.#step(known, step, entry.cause, recorded);
    const extra = { ...entry.extra, flapping: flappingSteps(departures, entry.atMs) };
    departures.open = this.#write(known, { ...entry, kind: 'flapping', extra }, recorded);
  }

  #step(known: KnownRow, step: number, cause: Cause | undefined, recorded: RecordedList): void {
    const { atMs, state } = unpackStep(step);
    known.setState(state, cause, atMs);
    const entry = known.departures?.open;
    if (entry !== undefined) recorded.push({ entry, step });
  }

  /** Every entry ends the counting of the one before it about the same row, so that their order is that of time. */
  #write(known: KnownRow, added: NewEntry, recorded: RecordedList): StoredEntry {
    const { key, row } = known;
    const { kind, state, atMs, extra } = added;
    const cause = added.cause && this.#shared.cause(added.cause);
    const entry: StoredEntry = { id: this.lastId + 1, at: atMs, kind, key, row, state, cause, extra };
    if (known.state !== state) known.setState(state, cause, atMs, extra?.lastSeenMs);
    if (known.departures !== undefined) known.departures.open = undefined;
    known.lastId = entry.id;
    this.lastId = entry.id;
    this.#ring.push(entry);
    recorded.push(entry);
    return entry;
  }

  add(row: ConstructorParameters<typeof KnownRow>[0]): KnownRow {
    const known = new KnownRow(row);
    this.known.set(row.key, known);
    return known;
  }

  move(known: KnownRow, key: string): void {
    this.known.delete(known.key);
    known.key = key;
    this.known.set(key, known);
  }
}

/**
 * True when the last connection of an instance closed, which changes no fact that the journal keeps, so that none is
 * compared. A row that several gateways hold may get the facts of another one.
 */
function keepsFacts({ trigger, view }: RowChange): boolean {
  return trigger === 'disconnect' && view.connections === 0 && view.gateways === undefined;
}

/** The cause `slept`, with when something was received last: before the connection was lost, or the last report. */
function sleptSince({ left }: KnownRow, previousTs: number | undefined, atMs: number): Cause {
  const isJustBack = left?.backAtMs !== undefined && atMs - left.backAtMs < 60_000;
  const lastMs = isJustBack ? left.seenAtMs : previousTs;
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
