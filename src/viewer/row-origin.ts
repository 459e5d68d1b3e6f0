import { factNames, type ListedRow, sourceOf } from '../core/index.ts';

/** What made a row: a handshake, or only beacons. */
export type RowOrigin = 'connection' | 'beacon';

const handshakeReasons: ReadonlySet<string> = new Set(['connect', 'node-connected', 'disconnect']);

/**
 * Tells what made a row. Our own gateway says it (`connections`, the source of each fact); of other gateways the reason
 * and the roles tell, which only a handshake sets.
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
