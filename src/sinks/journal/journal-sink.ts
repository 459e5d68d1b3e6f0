import { randomUUID } from 'node:crypto';
import type { Cause, InstanceView, Logger, PresenceReader, Sink, Timers } from '../../core/index.ts';
import type { Recorded } from './entry-writer.ts';
import { Journal, type JournalRules } from './journal.ts';
import {
  type JournalEntry,
  type JournalKind,
  publicEntry,
  type RowState,
  type StoredEntry,
} from './journal-entry.ts';
import { JournalFile } from './journal-file.ts';
import type { JournalRow } from './journal-row.ts';
import { isActive } from './known-row.ts';

export interface JournalSinkOptions {
  /** Most entries (PJ5). */
  readonly journalEntries: number;
  /** Longest age of an entry, milliseconds. */
  readonly journalMs: number;
  /** Where the journal is kept across restarts; `undefined` keeps it in memory. */
  readonly journalFile?: string | undefined;
  readonly timers: Timers;
  readonly logger: Logger;
}

/** A filter of entries; an entry must match all parts that are given. */
export interface JournalQuery {
  /** Moments, milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Entries after this one, see {@link JournalPage.cursor}. */
  readonly cursor?: string | undefined;
  readonly kinds?: readonly JournalKind[] | undefined;
  /** Presence key of one row. */
  readonly key?: string | undefined;
  /** Most entries; the rest is at the cursor. */
  readonly limit: number;
  /** A condition on the row after the entry. */
  readonly accepts?: ((row: PastView) => boolean) | undefined;
}

/** Entries, oldest first. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** The cursor to continue from; later entries come after it. */
  readonly cursor: string;
  /** There are more entries that match, after the cursor. */
  readonly more: boolean;
  /** The answer is complete only since this moment: earlier entries were asked for and are not kept. */
  readonly cutOffAtMs?: number;
}

/** A row of the past: the facts that the journal keeps, and its state. */
export interface PastView extends JournalRow {
  readonly key: string;
  /** Since when it had this state. */
  readonly ts: number;
  readonly connections: number;
  readonly state: RowState;
  readonly cause?: Cause;
  readonly disconnectedAtMs?: number;
  readonly unreachableSinceMs?: number;
}

/** An instance that left and is not back (PJ8). */
export interface DepartedView extends PastView {
  readonly leftAtMs: number;
  readonly lastSeenMs: number;
}

/** The part of the journal that readers use. */
export type JournalReader = Pick<
  JournalSink,
  'cursor' | 'cursorOf' | 'knownSinceMs' | 'query' | 'at' | 'departed' | 'has' | 'subscribe'
>;

/** Five departures within ten minutes are flapping (PJ6). */
const flappingRules = { flappingLeaves: 5, flappingMs: 600_000 };

/** The sink that records who came, who went, and why (PJ). */
export class JournalSink implements Sink {
  readonly name = 'journal';
  readonly #options: JournalSinkOptions;
  readonly #rules: JournalRules;
  readonly #listeners = new Set<(entries: readonly StoredEntry[]) => void>();
  #presence: PresenceReader | undefined;
  #journal: Journal | undefined;
  #id = '';
  #file: JournalFile | undefined;
  #unsubscribe = (): void => {};

  constructor(options: JournalSinkOptions) {
    this.#options = options;
    this.#rules = { maxEntries: options.journalEntries, maxAgeMs: options.journalMs, ...flappingRules };
  }

  /** Does nothing when it has started. Throws `JournalFileError` when the file cannot be used. */
  start(presence: PresenceReader): void {
    if (this.#journal !== undefined) return;
    const now = presence.now();
    this.#presence = presence;
    const wasEnded = this.#open();
    this.#unsubscribe = presence.subscribe((changes) => {
      const at = presence.now();
      this.#publish(this.#opened().record(changes, at));
    });
    this.#publish(
      this.#opened().start(
        presence.list(),
        now,
        wasEnded ? undefined : 'the run before it did not end by itself',
      ),
    );
  }

  /** Records that the gateway is stopping; call it before connections are closed. */
  stopping(reason: string): void {
    if (this.#journal === undefined || this.#presence === undefined) return;
    const self = selfOf(this.#presence.list());
    if (self !== undefined) this.#publish(this.#journal.stopping(self, this.#presence.now(), reason));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#file?.close();
    this.#file = undefined;
  }

  /** Entries that are kept, for metrics. */
  get size(): number {
    return this.#journal?.size ?? 0;
  }

  /** The cursor after the latest entry. */
  get cursor(): string {
    return this.cursorOf(this.#opened().lastId);
  }

  /** The cursor after an entry. */
  cursorOf(id: number): string {
    return `${this.#id}.${id}`;
  }

  /** Calls the listener with every later entry; returns a function that unsubscribes it. */
  subscribe(listener: (entries: readonly StoredEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The entries that match, oldest first: from the cursor or `sinceMs` on, else the newest ones. */
  query(query: JournalQuery): JournalPage {
    const journal = this.#opened();
    journal.trim(this.#now());
    const from = this.#idOf(query.cursor);
    const isForward = query.cursor !== undefined || query.sinceMs !== undefined;
    const found: StoredEntry[] = [];
    let more = false;
    for (const entry of isForward ? journal.after(from ?? 0) : journal.newestFirst()) {
      if (!matches(entry, query)) continue;
      more = found.length === query.limit;
      if (more) break;
      found.push(entry);
    }
    const cutOffAtMs = this.#cutOff(query, from);
    const lastId = isForward && more ? (found.at(-1)?.id ?? from ?? 0) : journal.lastId;
    if (!isForward) found.reverse();
    return {
      entries: found.map(publicEntry),
      cursor: this.cursorOf(lastId),
      more,
      ...(cutOffAtMs !== undefined && { cutOffAtMs }),
    };
  }

  /** The rows at a moment, the gateway's own first, then those that changed last; `undefined` before what is known. */
  at(atMs: number): readonly PastView[] | undefined {
    const rows = this.#opened().at(atMs);
    if (rows === undefined) return undefined;
    return Array.from(rows.values(), pastView).sort((a, b) => b.ts - a.ts || (a.key < b.key ? -1 : 1));
  }

  /** True when there is an entry about the row of a key, or it is listed. */
  has(key: string): boolean {
    return this.#opened().has(key);
  }

  /** Since when every change is recorded, milliseconds since the epoch. */
  get knownSinceMs(): number {
    return this.#opened().knownSinceMs;
  }

  /** Instances that left since a moment and are not back, the latest first (PJ8). */
  departed(sinceMs: number): readonly DepartedView[] {
    const departed: DepartedView[] = [];
    for (const { key, row, state, left } of this.#opened().known()) {
      if (isActive(state) || left === undefined || left.atMs < sinceMs) continue;
      const { atMs: leftAtMs, cause, seenAtMs } = left;
      departed.push({ ...viewOf(key, row, state, leftAtMs, cause), leftAtMs, lastSeenMs: seenAtMs });
    }
    return departed.sort((a, b) => b.leftAtMs - a.leftAtMs);
  }

  /** Opens the file, or a journal in memory; true when the run before ended by itself, or there was none. */
  #open(): boolean {
    const { journalFile: file, timers, logger } = this.#options;
    const now = this.#now();
    if (file === undefined) {
      this.#journal = new Journal(this.#rules, { sinceMs: now.wallMs });
      this.#id = randomUUID();
      return true;
    }
    const opened = JournalFile.open({ file, rules: this.#rules, newId: randomUUID, timers, logger }, now);
    this.#journal = opened.journal;
    this.#id = opened.id;
    this.#file = opened.file;
    return !opened.isOld || hasEnded(opened.journal);
  }

  #publish(recorded: Recorded): void {
    if (recorded.length === 0) return;
    this.#file?.append(recorded, this.#now());
    if (this.#listeners.size === 0) return;
    const entries = recorded.filter((item): item is StoredEntry => !('step' in item));
    if (entries.length > 0) for (const listener of this.#listeners) listener(entries);
  }

  /** The id in a cursor; `undefined` when it is of another journal. */
  #idOf(cursor: string | undefined): number | undefined {
    const [, id, digits] = /^([\w-]+)\.(\d{1,15})$/.exec(cursor ?? '') ?? [];
    if (id !== this.#id) return undefined;
    const lastId = Number(digits);
    return lastId <= this.#opened().lastId ? lastId : undefined;
  }

  /** Since when the answer is complete, when more was asked for than is kept. */
  #cutOff({ cursor, sinceMs }: JournalQuery, from: number | undefined): number | undefined {
    const { oldestId, knownSinceMs } = this.#opened();
    const isCut =
      cursor === undefined
        ? (sinceMs ?? Number.POSITIVE_INFINITY) < knownSinceMs
        : from === undefined || from + 1 < oldestId;
    return isCut ? Math.round(knownSinceMs) : undefined;
  }

  #now(): ReturnType<PresenceReader['now']> {
    if (this.#presence === undefined) throw new TypeError('the journal has not started');
    return this.#presence.now();
  }

  #opened(): Journal {
    if (this.#journal === undefined) throw new TypeError('the journal has not started');
    return this.#journal;
  }
}

/** A row of the past in the form of a listed one. */
export function pastView({
  key,
  row,
  state,
  sinceMs,
  cause,
}: {
  readonly key: string;
  readonly row: JournalRow;
  readonly state: RowState;
  readonly sinceMs: number;
  readonly cause: Cause | undefined;
}): PastView {
  return viewOf(key, row, state, sinceMs, cause);
}

function viewOf(
  key: string,
  row: JournalRow,
  state: RowState,
  sinceMs: number,
  cause: Cause | undefined,
): PastView {
  const ts = Math.round(sinceMs);
  return {
    ...row,
    key,
    ts,
    state,
    connections: state === 'online' ? 1 : 0,
    ...(cause !== undefined && { cause }),
    ...((state === 'disconnected' || state === 'gone') && { disconnectedAtMs: ts }),
    ...(state === 'unreachable' && { unreachableSinceMs: ts }),
  };
}

function matches(entry: StoredEntry, { sinceMs = 0, untilMs, kinds, key, accepts }: JournalQuery): boolean {
  if (key !== undefined && entry.key !== key) return false;
  const endMs = entry.extra?.flapping?.untilMs ?? entry.at;
  if (endMs < sinceMs || (untilMs !== undefined && entry.at > untilMs)) return false;
  if (kinds !== undefined && !kinds.includes(entry.kind)) return false;
  return accepts === undefined || accepts(viewOf(entry.key, entry.row, entry.state, entry.at, entry.cause));
}

function selfOf(views: Iterable<InstanceView>): InstanceView | undefined {
  for (const view of views) if (view.self === true) return view;
  return undefined;
}

/** True when the latest entry about a gateway's own start or end is its end. */
function hasEnded(journal: Journal): boolean {
  for (const { kind } of journal.newestFirst()) {
    if (kind === 'gateway-stopping') return true;
    if (kind === 'gateway-started') return false;
  }
  return true;
}
