import type { Cause, CauseCode } from '../../core/index.ts';
import type { RowState, StoredEntry } from './journal-entry.ts';
import type { JournalRow } from './journal-row.ts';
import type { PastRow } from './past-rows.ts';

/** The departures of one instance, and the entry that counts them while they are too many. */
export interface Departures {
  /** The latest moments, at most as many as make it flapping. */
  readonly moments: number[];
  /** Since when it flaps, how often it left since then, and at which count there is another entry. */
  episode: { readonly sinceMs: number; count: number; nextCount: number } | undefined;
  /** The entry that takes its steps; none after an entry of another kind. */
  open: StoredEntry | undefined;
}

/** Causes of departures at which nothing was received from the instance. */
const silent: readonly CauseCode[] = [
  'connection-lost',
  'gateway-unreachable',
  'expired',
  'evicted',
  'slept',
  'unknown',
];

/** How an instance left last: it is away as long as {@link isActive} is false for its state. */
interface Leaving {
  readonly atMs: number;
  readonly cause: Cause | undefined;
  /** When something was received from it last before it left. */
  readonly seenAtMs: number;
  /** When it came back after that. */
  backAtMs: number | undefined;
}

/** The latest state of one instance, and how it left. */
export class KnownRow {
  key: string;
  row: JournalRow;
  state: RowState;
  /** Since when it has this state, and why. */
  sinceMs: number;
  cause: Cause | undefined;
  /** Most instances never left: they take nothing for it. */
  left: Leaving | undefined;
  /** When its last connection closed last, or it was removed with it, and what is counted from the second time in a row on. */
  departedAtMs: number | undefined;
  departures: Departures | undefined;
  /** Its latest entry. */
  lastId = 0;

  constructor({ key, row, state, sinceMs, cause }: Omit<PastRow, 'state'> & { readonly state: RowState }) {
    this.key = key;
    this.row = row;
    this.state = 'online';
    this.sinceMs = sinceMs;
    this.cause = cause;
    this.setState(state, cause, sinceMs);
  }

  /**
   * Sets the state. The cause of leaving stays when the row expires afterwards.
   *
   * @param seenMs when something was received from it last before that; default `atMs`.
   */
  setState(state: RowState, cause: Cause | undefined, atMs: number, seenMs: number = atMs): void {
    const wasActive = isActive(this.state);
    const isFollowUp = !wasActive && (state === 'gone' || state === 'unreachable');
    this.state = state;
    this.sinceMs = atMs;
    this.cause = cause;
    if (isActive(state)) {
      if (!wasActive && this.left !== undefined) this.left.backAtMs = atMs;
    } else if (!isFollowUp) this.left = { atMs, cause, seenAtMs: seenMs, backAtMs: undefined };
  }
}

/** True while an instance is connected or reports. */
export function isActive(state: RowState): boolean {
  return state === 'online' || state === 'reporting';
}

/** When something was received from an instance last, unless that was the moment at which it left. */
export function lastSeenMs(cause: Cause | undefined, previousTs: number | undefined): number | undefined {
  return cause !== undefined && silent.includes(cause.code) ? previousTs : undefined;
}
