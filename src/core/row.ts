import type { Cause } from './cause.ts';
import type { DeviceRow } from './device-index.ts';
import type { FactSource, HostStats, InstanceView } from './entry.ts';
import { mergeSources, noSources, withoutSources } from './fact-source.ts';
import type { FactName, Facts } from './facts.ts';
import { type Grant, GrantCounts } from './grants.ts';
import type { Ranked } from './ranked-rows.ts';
import { sameValue } from './same-value.ts';
import type { SharedValues } from './shared-values.ts';

/**
 * What the roster remembers of one instance.
 *
 * A row with live connections that was evicted or expired stays known, unlisted, so that its connections still agree on one
 * instance.
 */
export interface Row extends Ranked<Row>, DeviceRow<Row> {
  key: string;
  /** Merged facts, without roles and scopes. */
  facts: Facts;
  /**
   * Roles and scopes to show: those of all live connections; while none is live, those of the last or, later, of a beacon
   * (PK5).
   */
  grant: Partial<Grant>;
  sources: InstanceView['sources'];
  /** Monotonic moment at which `facts.lastInputSeconds` was true (PF4). */
  inputReportMonoMs: number | undefined;
  /** Monotonic moment of the last published update; `ts` shows it. */
  seenMonoMs: number;
  /** Monotonic moment of a renewal that is not published yet (PE4). */
  renewedMonoMs: number | undefined;
  firstSeenMonoMs: number;
  connectedMonoMs: number | undefined;
  disconnectedMonoMs: number | undefined;
  rttMs: number | undefined;
  observedIp: string | undefined;
  reportedIp: string | undefined;
  hostStats: HostStats | undefined;
  /** Why the instance arrived or left last. */
  cause: Cause | undefined;
  connections: number;
  /** Of the live connections, while there are several. */
  grants: GrantCounts | undefined;
  /** Greater than that of every row that was published before. */
  order: number;
  /** What was published last. */
  view: InstanceView;
}

const noGrant: Partial<Grant> = Object.freeze({});
const noFacts: Facts = Object.freeze({});

/** A row with nothing in it yet; `view` is a placeholder until the row is published. */
export function createRow(key: string, monoMs: number): Row {
  return {
    key,
    facts: noFacts,
    grant: noGrant,
    sources: noSources,
    inputReportMonoMs: undefined,
    seenMonoMs: monoMs,
    renewedMonoMs: undefined,
    firstSeenMonoMs: monoMs,
    connectedMonoMs: undefined,
    disconnectedMonoMs: undefined,
    rttMs: undefined,
    observedIp: undefined,
    reportedIp: undefined,
    hostStats: undefined,
    cause: undefined,
    connections: 0,
    grants: undefined,
    isListed: false,
    place: undefined,
    order: 0,
    ofDevice: undefined,
    disconnected: undefined,
    view: { key, ts: 0, connections: 0, firstSeenAtMs: 0, sources: noSources },
  };
}

/** Merges an update field by field: what it has replaces, what it lacks stays (PK5). */
export function mergeFacts(
  row: Row,
  facts: Facts,
  source: FactSource,
  monoMs: number,
  shared: SharedValues,
): void {
  if (row.connections === 0) claimGrant(row, facts, shared);
  row.facts = mergedFacts(row, facts, shared);
  row.sources = mergeSources(row.sources, facts, source);
  if (facts.lastInputSeconds !== undefined) row.inputReportMonoMs = monoMs;
}

/** Without a live connection a report can change the roles and scopes that are shown. */
function claimGrant(row: Row, facts: Facts, shared: SharedValues): void {
  const { grant } = row;
  const { roles = grant.roles, scopes = grant.scopes } = facts;
  if (sameValue(roles, grant.roles) && sameValue(scopes, grant.scopes)) return;
  row.grant = shared.grant({ ...(roles && { roles }), ...(scopes && { scopes }) });
}

/**
 * All facts but roles and scopes. What is stated again stays the value that it was, so that a row keeps nothing of the
 * frames that renew it.
 */
function mergedFacts({ key, facts: known }: Row, facts: Facts, shared: SharedValues): Facts {
  let merged: Partial<Record<FactName, unknown>> | undefined;
  for (const name in facts) {
    const fact = name as FactName;
    const value = facts[fact];
    if (fact === 'roles' || fact === 'scopes' || sameValue(value, known[fact])) continue;
    merged ??= { ...known };
    merged[fact] = shared.fact(fact, value, key);
  }
  return (merged as Facts | undefined) ?? known;
}

/**
 * The part of a report that the row takes: while connections are live, roles and scopes are theirs (PK5), and a
 * deviceId whose signature was verified is not replaced by one that is only claimed (PA3).
 */
export function acceptedFacts(row: Row, facts: Facts): Facts {
  const isGranted = row.connections > 0 && (facts.roles !== undefined || facts.scopes !== undefined);
  const isVerified = facts.deviceId !== undefined && hasVerifiedDevice(row);
  const withoutGrant = isGranted ? omitGrant(facts) : facts;
  return isVerified ? omitDevice(withoutGrant) : withoutGrant;
}

/** A handshake states a deviceId only when its signature was verified (PA3). */
function hasVerifiedDevice({ facts, sources }: Row): boolean {
  return facts.deviceId !== undefined && sources.deviceId === undefined;
}

function omitGrant({ roles: _, scopes: __, ...facts }: Facts): Facts {
  return facts;
}

function omitDevice({ deviceId: _, ...facts }: Facts): Facts {
  return facts;
}

/** Adds a live connection: from now on the row shows what its connections were granted (PK5). */
export function attach(row: Row, grant: Grant): void {
  row.connections += 1;
  if (row.connections === 1) row.grant = grant;
  else {
    // While there is one connection, the row shows its grant.
    row.grants ??= new GrantCounts(row.grant as Grant);
    row.grants.add(grant);
    row.grant = row.grants.union();
  }
  row.sources = mergeSources(row.sources, grant, 'connect');
}

/** Takes a live connection off; after the last one the row keeps showing its grant. */
export function detach(row: Row, grant: Grant): void {
  row.connections -= 1;
  if (row.grants === undefined) return;
  row.grants.remove(grant);
  row.grant = row.grants.union();
  if (row.connections === 1) row.grants = undefined;
}

/** Clears when the last input was. */
export function clearLastInput(row: Row): void {
  const { lastInputSeconds, ...facts } = row.facts;
  row.facts = facts;
  row.sources = withoutSources(row.sources, { lastInputSeconds });
  row.inputReportMonoMs = undefined;
}
