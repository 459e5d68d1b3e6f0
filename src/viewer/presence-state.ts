import { ageMs, type ListedRow, statusOf } from '../core/index.ts';
import { isGatewayRow, originOf } from './row-origin.ts';
import { isDisconnected } from './status-note.ts';

/** The states of a row (PS5), from the one that needs no attention to the one that says least. */
export const presenceStates = [
  'online',
  'reporting',
  'idle',
  'stale',
  'disconnected',
  'unreachable',
] as const;

/** What a viewer says of a row, in one word (PS5). */
export type PresenceState = (typeof presenceStates)[number];

/**
 * The state of a row at `nowMs` of the gateway's clock (PS2, PS5): the one function for page, terminal, HTTP, metrics and export.
 *
 * A row whose last connection closed is disconnected, whatever its age; one that its gateway cannot tell about is unreachable.
 * The others go by age (PS1): up to two minutes online with a live connection and reporting without one, then idle, then stale.
 * The row of a gateway counts as connected, that of the gateway which answers is always online.
 */
export function presenceStateOf(row: ListedRow, nowMs: number): PresenceState {
  if (row.self === true) return 'online';
  if (isDisconnected(row)) return 'disconnected';
  if (row.unreachableSinceMs !== undefined) return 'unreachable';
  const status = statusOf(ageMs(row, nowMs));
  if (status !== 'active') return status;
  return hasConnection(row) ? 'online' : 'reporting';
}

/** A gateway that does not count connections tells by what made the row. */
function hasConnection(row: ListedRow): boolean {
  if (isGatewayRow(row)) return true;
  return row.connections === undefined ? originOf(row) === 'connection' : row.connections > 0;
}
