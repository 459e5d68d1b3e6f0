import type { InstanceView, PresenceEntry } from './entry.ts';
import { publicFactNames } from './facts.ts';
import { completeText } from './node-text.ts';
import type { Row } from './row.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Makes the immutable view of a row.
 *
 * @param wallOffsetMs what to add to a monotonic moment to get the wall clock's (PT4).
 */
export function viewOf(row: Row, wallOffsetMs: number): InstanceView {
  const view = factsOf(row, wallOffsetMs);
  view.connections = row.connections;
  view.firstSeenAtMs = wallMs(row.firstSeenMonoMs, wallOffsetMs);
  if (row.connectedMonoMs !== undefined) view.connectedAtMs = wallMs(row.connectedMonoMs, wallOffsetMs);
  if (row.disconnectedMonoMs !== undefined) {
    view.disconnectedAtMs = wallMs(row.disconnectedMonoMs, wallOffsetMs);
  }
  if (row.rttMs !== undefined) view.rttMs = row.rttMs;
  if (row.observedIp !== undefined) view.observedIp = row.observedIp;
  if (row.reportedIp !== undefined) view.reportedIp = row.reportedIp;
  if (row.hostStats !== undefined) view.hostStats = row.hostStats;
  if (row.cause !== undefined) view.cause = row.cause;
  return view;
}

/** The strict entry of a view: the facts of OpenClaw's own clients (PF1). */
export function entryOf(view: InstanceView): PresenceEntry {
  const entry: Mutable<PresenceEntry> = { ts: view.ts };
  for (const fact of publicFactNames) {
    const value = view[fact];
    if (value !== undefined) put(entry, fact, value);
  }
  return entry;
}

function put<K extends keyof PresenceEntry>(
  entry: Mutable<PresenceEntry>,
  fact: K,
  value: PresenceEntry[K],
): void {
  entry[fact] = value;
}

function factsOf(row: Row, wallOffsetMs: number): Mutable<InstanceView> {
  const view: Mutable<InstanceView> = {
    key: row.key,
    ...row.facts,
    ts: wallMs(row.seenMonoMs, wallOffsetMs),
    connections: 0,
    firstSeenAtMs: 0,
    sources: row.sources,
  };
  setLastInput(view, row);
  setGrants(view, row);
  if (view.tags?.length === 0) delete view.tags;
  completeText(view);
  return view;
}

/** lastInputSeconds is true at `ts`: it has grown since the report (PF4). */
function setLastInput(view: Mutable<InstanceView>, row: Row): void {
  if (row.inputReportMonoMs === undefined || row.facts.lastInputSeconds === undefined) return;
  const passedMs = row.seenMonoMs - row.inputReportMonoMs;
  view.lastInputSeconds = row.facts.lastInputSeconds + Math.floor(passedMs / 1000);
}

/** A connected instance has what its live connections were granted, nothing else (PK5); empty lists are absent. */
function setGrants(view: Mutable<InstanceView>, row: Row): void {
  const { roles, scopes } = row.grant;
  if (roles !== undefined && roles.length > 0) view.roles = roles;
  if (scopes !== undefined && scopes.length > 0) view.scopes = scopes;
}

function wallMs(monoMs: number, wallOffsetMs: number): number {
  return Math.max(0, Math.round(monoMs + wallOffsetMs));
}
