import type { Cause } from '../../core/index.ts';
import { type RowState, type StoredEntry, unpackStep } from './journal-entry.ts';
import type { JournalRow } from './journal-row.ts';

/** A row as it was at a moment. */
export interface PastRow {
  readonly key: string;
  row: JournalRow;
  state: Exclude<RowState, 'gone'>;
  /** Since when it had this state, and why. */
  sinceMs: number;
  cause: Cause | undefined;
}

/** The rows that were listed at a moment, by key. */
export type PastRows = Map<string, PastRow>;

/**
 * Applies an entry to the rows before it; of a flapping instance the steps up to `untilMs`.
 *
 * All entries in order, applied to no rows, give the rows that are listed (PJ4).
 */
export function applyEntry(rows: PastRows, entry: StoredEntry, untilMs: number): void {
  const { extra } = entry;
  if (extra?.previous?.key !== undefined) rows.delete(extra.previous.key);
  setState(rows, entry, entry.at, entry.state);
  const flapping = extra?.flapping;
  if (flapping === undefined) return;
  for (const step of flapping.steps) {
    const { atMs, state } = unpackStep(step);
    if (atMs > untilMs) break;
    setState(rows, entry, atMs, state);
  }
}

/** A copy that may be changed by itself. */
export function copyRows(rows: PastRows): PastRows {
  const copy: PastRows = new Map();
  for (const [key, row] of rows) copy.set(key, { ...row });
  return copy;
}

function setState(rows: PastRows, entry: StoredEntry, sinceMs: number, state: RowState): void {
  const { key, row, cause } = entry;
  if (state === 'gone') return void rows.delete(key);
  const known = rows.get(key);
  if (known === undefined) return void rows.set(key, { key, row, state, sinceMs, cause });
  known.row = row;
  if (known.state === state) return;
  known.state = state;
  known.sinceMs = sinceMs;
  known.cause = cause;
}
