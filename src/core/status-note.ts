import type { ListedRow } from './listed-row.ts';

/** True for a row whose last connection closed. */
export function isDisconnected(row: ListedRow): boolean {
  if (row.connections !== undefined) return row.disconnectedAtMs !== undefined && row.connections === 0;
  return row.reason === 'disconnect';
}
