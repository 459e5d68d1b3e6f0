import type {
  ActivityUpdate,
  BeaconUpdate,
  Cause,
  ConnectUpdate,
  FactSource,
  Facts,
  Instant,
} from '../../src/core/index.ts';
import { ModelList } from './roster-model-list.ts';
import {
  keyOf,
  looksLikeSelf,
  type ModelRow,
  merge,
  newModelRow,
  shownIp,
  word,
} from './roster-model-row.ts';

const hiddenModes = ['cli'];
const passingModes = ['probe', 'backend'];

/**
 * A reference model of the roster, as simple as possible: arrays, full scans, nothing stored that can be computed.
 *
 * Written from the SPEC and the contract in `roster.ts`, to be compared with the real one after every step. Every
 * method returns true for a visible change.
 */
export class RosterModel extends ModelList {
  setSelf(facts: Facts & { readonly instanceId: string }, now: Instant): boolean {
    this.open(now);
    const all = { ...facts, mode: 'gateway', reason: 'self' };
    const text = `Gateway: ${facts.host} (${facts.ip}) · app ${facts.version} · mode gateway · reason self`;
    this.self = {
      key: keyOf(facts.instanceId),
      facts: { ...all, text },
      sources: Object.fromEntries(Object.keys({ ...all, text }).map((fact) => [fact, 'gateway' as const])),
      firstMs: this.self?.firstMs ?? now.monoMs,
    };
    this.settle(now);
    return true;
  }

  connect(update: ConnectUpdate, now: Instant): 'refused' | boolean {
    const { facts } = update;
    const alias = facts.instanceId === undefined ? this.freshestOfDevice(facts.deviceId) : undefined;
    const key = alias?.key ?? keyOf(facts.instanceId ?? facts.deviceId ?? update.connectionId);
    if (key === this.self?.key) return 'refused';
    const isHidden = hiddenModes.includes(word(facts.mode));
    const connection = {
      id: update.connectionId,
      key,
      role: update.role,
      scopes: [...new Set(update.scopes)],
    };
    if (isHidden) {
      this.connections.push({ ...connection, row: undefined });
      return false;
    }
    this.open(now);
    const row = this.rowAt(key) ?? this.#takenOver(facts, key) ?? newModelRow(key, now);
    const cause = this.liveOf(row).length === 0 ? arrival(row, now) : undefined;
    if (this.liveOf(row).length === 0) row.connectedMs = now.monoMs;
    row.disconnectedMs = undefined;
    const reason = update.role === 'node' ? 'node-connected' : 'connect';
    merge(row, { ...facts, ip: shownIp(facts.ip), reason }, 'connect', now);
    merge(row, { ip: shownIp(update.observedIp) }, 'socket', now);
    row.observedIp = shownIp(update.observedIp) ?? row.observedIp;
    row.sources['roles'] = 'connect';
    row.sources['scopes'] = 'connect';
    this.connections.push({ ...connection, row });
    this.write(row, now, cause);
    return true;
  }

  disconnect(connectionId: string, now: Instant, cause: Cause = { code: 'unknown' }): boolean {
    const connection = this.connections.find(({ id }) => id === connectionId);
    if (connection === undefined) return false;
    const { row } = connection;
    const granted = row === undefined ? undefined : this.granted(row);
    this.connections = this.connections.filter((other) => other !== connection);
    if (row === undefined || granted === undefined) return false;
    if (this.liveOf(row).length > 0) {
      if (!row.isListed) return false;
      this.open(now);
      row.publishedRttMs = row.rttMs;
      return true;
    }
    row.left = granted;
    row.connectedMs = undefined;
    row.rttMs = undefined;
    if (!row.isListed) {
      this.forget(row);
      return false;
    }
    this.open(now);
    if (passingModes.includes(word(row.facts['mode']))) {
      this.forget(row);
      this.settle(now);
      return true;
    }
    row.disconnectedMs = now.monoMs;
    merge(row, { reason: 'disconnect' }, 'gateway', now);
    this.write(row, now, cause);
    return true;
  }

  beacon(update: BeaconUpdate, now: Instant): 'refused' | boolean {
    const { facts } = update;
    const key = this.targetKey(update);
    if (key === undefined || key === this.self?.key) return 'refused';
    const known = this.rowAt(key);
    if (looksLikeSelf(facts, known)) return 'refused';
    if (hiddenModes.includes(word(facts.mode))) return false;
    this.open(now);
    const row = known ?? newModelRow(key, now);
    this.#report(row, facts, 'beacon', update.clearLastInput === true, now);
    row.reportedIp = shownIp(facts.ip) ?? row.reportedIp;
    const first: Cause = { code: 'connected', evidence: 'first beacon, no connection' };
    this.write(row, now, known === undefined ? first : undefined);
    return true;
  }

  /** Key of a beacon by PK3 and PK4. */
  targetKey({ facts, connectionId }: BeaconUpdate): string | undefined {
    if (facts.instanceId !== undefined) return keyOf(facts.instanceId);
    const alias = this.freshestOfDevice(facts.deviceId);
    if (alias !== undefined) return alias.key;
    const sender = this.connections.find(({ id }) => id === connectionId)?.row?.key;
    const named = facts.deviceId ?? facts.host ?? shownIp(facts.ip) ?? sender;
    return named === undefined ? facts.text && keyOf([...facts.text].slice(0, 64).join('')) : keyOf(named);
  }

  activity(update: ActivityUpdate, now: Instant): 'refused' | boolean {
    const connection = this.connections.find(({ id }) => id === update.connectionId);
    if (connection === undefined) return 'refused';
    const { row } = connection;
    if (row === undefined) return false;
    const { instanceId: _, deviceId: __, ...facts } = update.facts ?? {};
    if (looksLikeSelf(facts, row)) return 'refused';
    if (hiddenModes.includes(word(facts.mode))) return false;
    this.open(now);
    this.#report(row, facts, update.source, update.clearLastInput === true, now);
    row.hostStats = update.hostStats ?? row.hostStats;
    this.write(row, now);
    return true;
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): boolean {
    const row = this.connections.find(({ id }) => id === connectionId)?.row;
    if (row === undefined) return false;
    row.rttMs = rttMs ?? row.rttMs;
    if (row.isListed) {
      row.renewedMs = now.monoMs;
      // Last in the order: the row that was renewed last is the freshest.
      this.rows = [...this.rows.filter((other) => other !== row), row];
      return false;
    }
    if (!this.hasRoom) {
      this.wait(row);
      return false;
    }
    this.open(now);
    this.write(row, now);
    return true;
  }

  publishRenewals(now: Instant): boolean {
    if (this.pendingRenewals === 0) return false;
    this.open(now);
    return true;
  }

  #report(row: ModelRow, reported: Facts, source: FactSource, clear: boolean, now: Instant): void {
    const facts: Record<string, unknown> = { ...reported, ip: shownIp(reported.ip) };
    const isLive = this.liveOf(row).length > 0;
    if (isLive || reported.roles === undefined) delete facts['roles'];
    if (isLive || reported.scopes === undefined) delete facts['scopes'];
    if (row.sources['deviceId'] === 'connect') delete facts['deviceId'];
    merge(row, facts, source, now);
    if (!clear) return;
    row.input = undefined;
    delete row.facts['lastInputSeconds'];
    delete row.sources['lastInputSeconds'];
  }

  /** PK8: the row that the device left behind in this mode. */
  #takenOver(facts: Facts, key: string): ModelRow | undefined {
    if (facts.deviceId === undefined || facts.instanceId === undefined) return undefined;
    const row = this.rows.findLast(
      (candidate) =>
        word(candidate.facts['deviceId']) === word(facts.deviceId) &&
        word(candidate.facts['mode']) === word(facts.mode) &&
        this.liveOf(candidate).length === 0,
    );
    if (row !== undefined) row.key = key;
    return row;
  }
}

/** PJ1: the first connection, or a return after so many seconds. */
function arrival(row: ModelRow, now: Instant): Cause {
  if (row.disconnectedMs === undefined) return { code: 'connected' };
  return { code: 'reconnected', evidence: `after ${Math.round((now.monoMs - row.disconnectedMs) / 1000)} s` };
}
