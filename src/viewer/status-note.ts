import type { ListedRow } from '../core/index.ts';

/** What viewers say of a row beside its status. */
export type StatusNote = 'disconnected' | 'unreachable';

/**
 * What is to be said beside the status of a row, in this order (PS3): that its last connection closed; that the gateway
 * which holds it cannot be reached, so that nobody knows how it is (PC3).
 */
export function statusNotes(row: ListedRow): readonly StatusNote[] {
  const notes: StatusNote[] = [];
  if (isDisconnected(row)) notes.push('disconnected');
  if (row.unreachableSinceMs !== undefined) notes.push('unreachable');
  return notes;
}

/** True for a row whose last connection closed. */
export function isDisconnected(row: ListedRow): boolean {
  if (row.connections !== undefined) return row.disconnectedAtMs !== undefined && row.connections === 0;
  return row.reason === 'disconnect';
}
