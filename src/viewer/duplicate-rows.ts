import { isCanonicalIpv4, type ListedRow, presenceKey } from '../core/index.ts';
import { isDisconnected, isGatewayRow, originOf } from './presence-state.ts';

/** Which mistake of a client makes one instance appear twice. */
export type DuplicateCause =
  /** The gateway makes a row per connection, or per spelling of one instance id (PK1 of ours does not). */
  | 'one-id-in-several-rows'
  /** Two computers use one identity at the same time: an image, a container or a state folder was copied. */
  | 'identity-in-use-twice'
  /** Each connection without an instance id gets a row of its own (PK6). */
  | 'handshake-without-instance-id'
  /** The handshake has one instance id, the beacons another. */
  | 'beacon-with-other-instance-id'
  /** The beacons have an instance id that the handshake lacks. */
  | 'connection-without-instance-id'
  /** The client makes a new instance id at each start and has no device identity (PK8). */
  | 'new-instance-id-at-each-start';

/** Two rows or more that are most likely one instance. */
export interface Duplicate<Row extends ListedRow = ListedRow> {
  readonly cause: DuplicateCause;
  /** At least two, in the order of the list. */
  readonly rows: readonly Row[];
}

/**
 * Finds rows that are most likely one instance, and the mistake that makes them two.
 *
 * Rows belong together when they have the same instance id (PK1) or device id, or the same host and no fact that distinguishes them
 * (device id, ip, platform, mode). Two live connections with ids of their own are duplicates only when one device has two hosts or
 * addresses: else they may be two windows. Each row is in at most one finding.
 * Costs little more than the number of rows, unless very many share one host.
 */
export function findDuplicates<Row extends ListedRow>(rows: readonly Row[]): readonly Duplicate<Row>[] {
  const all = rows.filter((row) => !isGatewayRow(row));
  const ofOneId = rowsOfOneId(all);
  const taken = new Set(ofOneId.flatMap((duplicate) => duplicate.rows));
  const candidates = all.filter((row) => !taken.has(row));
  return [...ofOneId, ...likelyDuplicates(candidates)];
}

/** Rows that one instance id has more than once, in any spelling. */
function rowsOfOneId<Row extends ListedRow>(rows: readonly Row[]): readonly Duplicate<Row>[] {
  const byId = new Map<string, Row[]>();
  for (const row of rows) {
    const id = presenceKey(row.instanceId);
    if (id === undefined) continue;
    const group = byId.get(id);
    if (group === undefined) byId.set(id, [row]);
    else group.push(row);
  }
  return [...byId.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({
      cause: areOnSeveralComputers(group.filter(isLive)) ? 'identity-in-use-twice' : 'one-id-in-several-rows',
      rows: group,
    }));
}

function isLive(row: ListedRow): boolean {
  return originOf(row) === 'connection' && !isDisconnected(row);
}

/** One computer may have several IPv6 addresses at once; hosts and IPv4 addresses distinguish two. */
function areOnSeveralComputers([first, ...others]: readonly ListedRow[]): boolean {
  return others.some((row) => differ(first?.host, row.host) || differ(ipv4Of(first), ipv4Of(row)));
}

function ipv4Of(row: ListedRow | undefined): string | undefined {
  return row?.ip !== undefined && isCanonicalIpv4(row.ip) ? row.ip : undefined;
}

function likelyDuplicates<Row extends ListedRow>(candidates: readonly Row[]): readonly Duplicate<Row>[] {
  const byName = groupByName(candidates);
  const shared = new Set([...byName.values()].flatMap((group) => (group.length > 1 ? group : [])));
  const seen = new Set<Row>();
  const found: Duplicate<Row>[] = [];
  for (const row of candidates) {
    if (seen.has(row) || !shared.has(row)) continue;
    const others = namesOf(row).flatMap((name) => byName.get(name) ?? []);
    const together = others.filter((other) => !seen.has(other) && belongTogether(row, other));
    const group = [...new Set([row, ...together])];
    const duplicate = duplicateIn(group);
    if (duplicate === undefined) continue;
    for (const member of duplicate.rows) seen.add(member);
    found.push(duplicate);
  }
  return found;
}

/** Rows that belong together share one of these. */
function namesOf({ deviceId, host }: ListedRow): readonly string[] {
  const names: string[] = [];
  if (deviceId !== undefined) names.push(`device ${plain(deviceId)}`);
  if (host !== undefined) names.push(`host ${plain(host)}`);
  return names;
}

function groupByName<Row extends ListedRow>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    for (const name of namesOf(row)) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [row]);
      else group.push(row);
    }
  }
  return groups;
}

function duplicateIn<Row extends ListedRow>(group: readonly Row[]): Duplicate<Row> | undefined {
  const beacons = group.filter((row) => originOf(row) === 'beacon' && row.instanceId !== undefined);
  const connections = group.filter((row) => originOf(row) === 'connection');
  const nameless = connections.filter((row) => lacksInstanceId(row));
  const named = connections.filter((row) => !lacksInstanceId(row));
  if (beacons.length > 0 && nameless.length > 0) {
    return { cause: 'connection-without-instance-id', rows: [...nameless, ...beacons] };
  }
  if (beacons.length > 0 && named.length > 0) {
    return { cause: 'beacon-with-other-instance-id', rows: [...named, ...beacons] };
  }
  const live = connections.filter((row) => isLive(row) && row.deviceId !== undefined);
  if (areOnSeveralComputers(live)) return { cause: 'identity-in-use-twice', rows: live };
  return (
    repeated('handshake-without-instance-id', nameless) ?? repeated('new-instance-id-at-each-start', named)
  );
}

/** One row that left and another that came: a client that was not recognised when it came back. */
function repeated<Row extends ListedRow>(
  cause: DuplicateCause,
  rows: readonly Row[],
): Duplicate<Row> | undefined {
  return rows.length > 1 && rows.some(isDisconnected) ? { cause, rows } : undefined;
}

/** A node without an instance id is listed under its device id by some gateways. */
function lacksInstanceId(row: ListedRow): boolean {
  return row.instanceId === undefined;
}

function belongTogether(a: ListedRow, b: ListedRow): boolean {
  const sameDevice = a.deviceId !== undefined && same(a.deviceId, b.deviceId);
  const sameHost = a.host !== undefined && same(a.host, b.host);
  if (!sameDevice && !(sameHost && !differ(a.deviceId, b.deviceId))) return false;
  const bothConnections = originOf(a) === 'connection' && originOf(b) === 'connection';
  if (bothConnections && differ(a.mode, b.mode)) return false;
  return sameDevice || !(differ(a.ip, b.ip) || differ(a.platform, b.platform) || differ(a.mode, b.mode));
}

function same(a: string, b: string | undefined): boolean {
  return b !== undefined && plain(a) === plain(b);
}

function plain(word: string): string {
  return word.trim().toLowerCase();
}

/** True when both are known and not the same. */
function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && !same(a, b);
}
