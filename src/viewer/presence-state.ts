import { ageMs, factNames, type ListedRow, sourceOf, statusOf } from '../core/index.ts';

/** The states of a row (PS5), from the most to the least certain of its presence. */
export const presenceStates = [
  'online',
  'reporting',
  'idle',
  'stale',
  'disconnected',
  'unreachable',
] as const;

/** State of a row, as viewers show it (PS5). */
export type PresenceState = (typeof presenceStates)[number];

/**
 * The state of a row at `nowMs` of the gateway's clock (PS2, PS5): the one function for page, terminal, HTTP, metrics and export.
 *
 * A row whose last connection closed is disconnected, whatever its age; one whose gateway cannot be reached is unreachable.
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

/** For a gateway that does not count connections, the origin of the row decides. */
function hasConnection(row: ListedRow): boolean {
  if (isGatewayRow(row)) return true;
  return row.connections === undefined ? originOf(row) === 'connection' : row.connections > 0;
}

/** True for a row whose last connection closed. */
export function isDisconnected(row: ListedRow): boolean {
  if (row.connections !== undefined) return row.disconnectedAtMs !== undefined && row.connections === 0;
  return row.reason === 'disconnect';
}

/** What made a row: a handshake, or only beacons. */
export type RowOrigin = 'connection' | 'beacon';

const handshakeReasons: ReadonlySet<string> = new Set(['connect', 'node-connected', 'disconnect']);

/**
 * The origin of a row. Our own gateway sends it (`connections`, the source of each fact); of other gateways it follows from the
 * reason and the roles, which only a handshake sets.
 */
export function originOf(row: ListedRow): RowOrigin {
  if (row.sources !== undefined) {
    const known = (row.connections ?? 0) > 0 || row.disconnectedAtMs !== undefined;
    const isStated = known || factNames.some((fact) => sourceOf(row, fact) === 'connect');
    return isStated ? 'connection' : 'beacon';
  }
  return handshakeReasons.has(row.reason ?? '') || (row.roles?.length ?? 0) > 0 ? 'connection' : 'beacon';
}

/** True for the row of a gateway itself (PR1). */
export function isGatewayRow(row: ListedRow): boolean {
  return row.self === true || (row.mode === 'gateway' && row.reason === 'self');
}
