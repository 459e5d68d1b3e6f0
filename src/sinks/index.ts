export type { Sink } from '../core/index.ts';
export {
  Journal,
  type JournalRules,
  type JournalStart,
  type JournalStep,
  type Recorded,
} from './journal/journal.ts';
export {
  type JournalEntry,
  type JournalKind,
  journalKinds,
  publicEntry,
  type RowState,
  type StoredEntry,
} from './journal/journal-entry.ts';
export type { JournalRow } from './journal/journal-row.ts';
export type { PastRow, PastRows } from './journal/past-rows.ts';
