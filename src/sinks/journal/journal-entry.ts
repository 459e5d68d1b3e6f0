import type { Cause } from '../../core/index.ts';
import type { JournalRow } from './journal-row.ts';

/** What an entry states (PJ2); a closed list. */
export const journalKinds = [
  'joined',
  'left',
  'returned',
  'changed',
  'removed',
  'flapping',
  'gateway-up',
  'gateway-unreachable',
  'gateway-started',
  'gateway-stopping',
] as const;

export type JournalKind = (typeof journalKinds)[number];

/**
 * The state of a row, apart from its age: it has a live connection, only reports were received, its last connection
 * closed, its gateway cannot be reached, or it is not listed.
 */
export const rowStates = ['online', 'reporting', 'disconnected', 'unreachable', 'gone'] as const;

export type RowState = (typeof rowStates)[number];

/** What was different before an entry: the facts that changed, the state, and the key that the row had (PK8). */
export type Previous = Partial<JournalRow> & { readonly state?: RowState; readonly key?: string };

/** One entry in its public form; times are milliseconds since the epoch. */
export interface JournalEntry {
  /** One more than that of the entry before; goes on across restarts where there is a file (PJ7). */
  readonly id: number;
  readonly at: number;
  readonly kind: JournalKind;
  /** Presence key of the row (PK1). */
  readonly key: string;
  readonly host?: string;
  /** Gateways that hold or held the row; only where there are several. */
  readonly gateways?: readonly string[];
  readonly cause?: Cause;
  /** What was different before. */
  readonly previous?: Previous;
  /** The same parts after this entry. */
  readonly current?: Previous;
  /** When something was received from it last; on departures that were not announced. */
  readonly lastSeenMs?: number;
  /** How often it left so far; on `flapping` (PJ6). */
  readonly count?: number;
  /** When the first and the latest of these departures were. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** One entry as it is stored: the row is shared by all entries between which no fact changed. */
export interface StoredEntry {
  readonly id: number;
  readonly at: number;
  readonly kind: JournalKind;
  readonly key: string;
  readonly row: JournalRow;
  /** The state of the row after this entry. */
  readonly state: RowState;
  readonly cause: Cause | undefined;
  readonly extra: EntryExtra | undefined;
}

/** Members that few entries have. */
export interface EntryExtra {
  readonly previous?: Previous | undefined;
  readonly lastSeenMs?: number | undefined;
  readonly flapping?: FlappingSteps | undefined;
}

/** Departures that one `flapping` entry counts. The steps keep the past exact though they are no entries (PJ4). */
export interface FlappingSteps {
  readonly sinceMs: number;
  untilMs: number;
  count: number;
  /** Moments and the states after them, see {@link packStep}; bounded. */
  readonly steps: number[];
}

/** A moment and the state after it in one number, so that a list of them takes 8 bytes a step. */
export function packStep(atMs: number, state: RowState): number {
  return Math.round(atMs) * rowStates.length + rowStates.indexOf(state);
}

/** What {@link packStep} packed. */
export function unpackStep(step: number): { readonly atMs: number; readonly state: RowState } {
  const atMs = Math.floor(step / rowStates.length);
  return { atMs, state: rowStates[step - atMs * rowStates.length] ?? 'gone' };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The public form of an entry; made part by part, because thousands are read at a time. */
export function publicEntry({ id, at, kind, key, row, state, cause, extra }: StoredEntry): JournalEntry {
  const entry: Mutable<JournalEntry> = { id, at, kind, key };
  if (row.host !== undefined) entry.host = row.host;
  if (row.gateways !== undefined) entry.gateways = row.gateways;
  if (cause !== undefined) entry.cause = cause;
  if (extra === undefined) return entry;
  const { previous, lastSeenMs, flapping } = extra;
  if (previous !== undefined) {
    entry.previous = previous;
    entry.current = currentOf(previous, { row, key, state });
  }
  if (lastSeenMs !== undefined) entry.lastSeenMs = lastSeenMs;
  if (flapping !== undefined) {
    const { count, sinceMs, untilMs } = flapping;
    Object.assign(entry, { count, sinceMs, untilMs });
  }
  return entry;
}

/** The present values of the parts that changed. */
function currentOf(
  previous: Previous,
  { row, key, state }: Pick<StoredEntry, 'row' | 'key' | 'state'>,
): Previous {
  const current: Record<string, Previous[keyof Previous]> = {};
  for (const part of Object.keys(previous) as (keyof Previous)[])
    current[part] = part === 'key' ? key : part === 'state' ? state : row[part];
  return current;
}
