import { normalizeIp } from './address.ts';
import { type Cause, connected, firstBeacon, reconnected, replaced, unknownCause, woke } from './cause.ts';
import type { Change } from './change.ts';
import { ConnectionTable, type LiveConnection } from './connection-table.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { Instant } from './ports.ts';
import type { Outcome, Target } from './roster.ts';
import type { RosterRules } from './roster-options.ts';
import { acceptedFacts, attach, clearLastInput, detach, mergeFacts, type Row } from './row.ts';
import { claimsSelf, type OtherMembers, RowFinder, selfRow } from './row-finder.ts';
import { RowStore } from './row-store.ts';
import type { SharedValues } from './shared-values.ts';
import { presenceKey } from './text-form.ts';
import {
  type ActivityUpdate,
  type BeaconUpdate,
  type ConnectUpdate,
  type Refused,
  refused,
} from './update.ts';

const nothing: { readonly changes: readonly Change[] } = { changes: [] };
const unknownConnection = refused('unknown-connection', 'this connection is not live');

/**
 * The state of this gateway itself: who is connected to it, and what beacons reported.
 *
 * It finds which row an update is about, once, and merges it field by field. Of a gateway that is alone, this is what is listed.
 */
export class LocalRoster {
  readonly #rules: RosterRules;
  readonly #rows: RowStore;
  readonly #connections: ConnectionTable;
  readonly #finder: RowFinder;
  readonly #others: () => OtherMembers | undefined;

  /** @param others the rows of other members; `undefined` while there are none. */
  constructor(rules: RosterRules, others: () => OtherMembers | undefined) {
    this.#rules = rules;
    this.#rows = new RowStore(rules);
    this.#connections = new ConnectionTable(this.#rows.shared);
    this.#others = others;
    this.#finder = new RowFinder({ rows: this.#rows, connections: this.#connections, others });
  }

  get version(): number {
    return this.#rows.version;
  }

  get size(): number {
    return this.#rows.size;
  }

  get evictions(): number {
    return this.#rows.evictions;
  }

  get pendingRenewals(): number {
    return this.#rows.pendingRenewals;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    return this.#rows.view(key, now);
  }

  views(now: Instant): Generator<InstanceView, void, undefined> {
    return this.#rows.views(now);
  }

  setSelf(facts: Facts, now: Instant): readonly Change[] {
    const key = presenceKey(facts.instanceId);
    if (key === undefined) throw new TypeError('the gateway needs an instanceId for its own row');
    const self = { ...reportable(facts), mode: 'gateway', reason: 'self' };
    return this.#rows.setSelf(key, self, now);
  }

  connect(update: ConnectUpdate, now: Instant): Outcome {
    const { connectionId } = update;
    const { facts, key = presenceKey(connectionId) } = this.#finder.identify(update.facts);
    if (key === undefined) throw new TypeError('a connection needs an id');
    const refusal = this.#finder.refusalOf(key);
    if (refusal !== undefined) return refusal;
    const connection = this.#connections.add(connectionId, key, update.role, update.scopes);
    if (this.#isHidden(facts.mode)) return nothing;
    const changes = this.#rows.begin(now);
    const row = this.#rows.get(key) ?? this.#takeOver(facts, key, changes) ?? this.#rows.create(key, now);
    const arrival = row.connections > 0 ? undefined : arrivalOf(row, now, this.#awayMs(key, now));
    join(row, connection, { ...update, facts }, now, this.#rows.shared);
    if (arrival !== undefined) row.cause = this.#rows.shared.cause(arrival);
    this.#rows.publish(row, 'connect', now, changes, arrival);
    return { changes };
  }

  disconnect(connectionId: string, now: Instant, cause: Cause = unknownCause): readonly Change[] {
    const connection = this.#connections.remove(connectionId);
    const row = connection?.row;
    if (connection === undefined || row === undefined) return [];
    if (row.connections > 1) return this.#leave(row, connection, now);
    row.cause = this.#rows.shared.cause(cause);
    return this.#leaveLast(row, connection, now);
  }

  beacon(update: BeaconUpdate, now: Instant): Outcome {
    const target = this.#finder.resolve(update);
    if ('refusal' in target) return target;
    if (this.#isHidden(update.facts.mode)) return nothing;
    const changes = this.#rows.begin(now);
    const row = target.row ?? this.#rows.create(target.key, now);
    const facts = acceptedFacts(row, reportable(target.facts));
    const didWake = facts.reason === 'wake' && row.facts.reason !== 'wake';
    mergeFacts(row, facts, 'beacon', now.monoMs, this.#rows.shared);
    if (facts.ip !== undefined) row.reportedIp = facts.ip;
    if (update.clearLastInput === true) clearLastInput(row);
    const arrival = target.row === undefined ? firstBeacon : didWake ? woke : undefined;
    if (arrival !== undefined) row.cause = this.#rows.shared.cause(arrival);
    this.#rows.publish(row, 'beacon', now, changes, arrival);
    return { changes };
  }

  activity(update: ActivityUpdate, now: Instant): Outcome {
    const connection = this.#connections.get(update.connectionId);
    if (connection === undefined) return unknownConnection;
    const row = connection.row;
    if (row === undefined) return nothing;
    const { instanceId: _, deviceId: __, ...reported } = update.facts ?? {};
    const facts = acceptedFacts(row, reportable(reported));
    if (claimsSelf(facts, row)) return selfRow;
    if (this.#isHidden(facts.mode)) return nothing;
    const changes = this.#rows.begin(now);
    mergeFacts(row, facts, update.source, now.monoMs, this.#rows.shared);
    if (update.clearLastInput === true) clearLastInput(row);
    if (update.hostStats !== undefined) row.hostStats = update.hostStats;
    this.#rows.publish(row, 'activity', now, changes);
    return { changes };
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): readonly Change[] {
    const row = this.#connections.get(connectionId)?.row;
    if (row === undefined) return [];
    if (rttMs !== undefined) row.rttMs = Math.max(0, Math.round(rttMs));
    return this.#rows.renew(row, now);
  }

  forget(key: string, now: Instant, cause?: Cause): readonly Change[] {
    const row = this.#rows.get(key);
    if (row?.isListed !== true || row.connections > 0) return [];
    const changes = this.#rows.begin(now);
    this.#rows.remove(
      row,
      cause === undefined ? 'taken-over' : 'removed',
      now,
      changes,
      cause ?? replaced(undefined),
    );
    return changes;
  }

  /** Shows listed rows anew. */
  republish(keys: readonly string[], now: Instant): readonly Change[] {
    const listed = keys.filter((key) => this.#rows.view(key, now) !== undefined);
    return listed.length === 0 ? [] : this.#rows.republishListed(listed, now);
  }

  publishRenewals(now: Instant): readonly Change[] {
    return this.#rows.publishRenewals(now);
  }

  sweep(now: Instant): readonly Change[] {
    return this.#rows.sweep(now);
  }

  nextExpiryMonoMs(): number | undefined {
    return this.#rows.nextExpiryMonoMs();
  }

  target(update: BeaconUpdate): Target | Refused {
    const target = this.#finder.resolve(update);
    if ('refusal' in target) return target;
    return { key: target.key, own: target.key === this.keyOf(update.connectionId) };
  }

  keyOf(connectionId: string | undefined): string | undefined {
    return this.#finder.keyOf(connectionId);
  }

  /** For how long no gateway of the cluster had a connection of an instance, milliseconds; `undefined` when it was not disconnected. */
  #awayMs(key: string, now: Instant): number | undefined {
    const leftAtMs = this.#others()?.leftAtMs(key);
    return leftAtMs === undefined ? undefined : now.wallMs - leftAtMs;
  }

  /** Gives the row that this device left behind in this mode to its new instance (PK8). */
  #takeOver(facts: Facts, key: string, changes: Change[]): Row | undefined {
    const row = this.#rows.disconnectedOfDevice(facts.deviceId, facts.mode);
    if (row !== undefined) this.#rows.move(row, key, changes);
    return row;
  }

  /** One of several connections closes: only grants and the count change (PR8). */
  #leave(row: Row, connection: LiveConnection, now: Instant): readonly Change[] {
    detach(row, connection.grant);
    if (!row.isListed) return [];
    const changes = this.#rows.begin(now);
    this.#rows.republish(row, 'disconnect', changes);
    return changes;
  }

  /** The last connection closes: the row stays until it expires, unless its mode is a passing one (PR4, PR8). */
  #leaveLast(row: Row, connection: LiveConnection, now: Instant): readonly Change[] {
    detach(row, connection.grant);
    row.connectedMonoMs = undefined;
    row.rttMs = undefined;
    if (!row.isListed) {
      this.#rows.forget(row);
      return [];
    }
    const changes = this.#rows.begin(now);
    if (this.#isTransient(row.facts.mode)) this.#rows.remove(row, 'transient', now, changes, row.cause);
    else this.#keepDisconnected(row, now, changes);
    return changes;
  }

  #keepDisconnected(row: Row, now: Instant, changes: Change[]): void {
    row.disconnectedMonoMs = now.monoMs;
    mergeFacts(row, { reason: 'disconnect' }, 'gateway', now.monoMs, this.#rows.shared);
    this.#rows.publish(row, 'disconnect', now, changes, row.cause);
  }

  #isHidden(mode: string | undefined): boolean {
    return this.#rules.hiddenModes.has(presenceKey(mode) ?? '');
  }

  #isTransient(mode: string | undefined): boolean {
    return this.#rules.transientModes.has(presenceKey(mode) ?? '');
  }
}

/** Adds a connection to its row (PR3, PR5). */
function join(
  row: Row,
  connection: LiveConnection,
  update: ConnectUpdate,
  now: Instant,
  shared: SharedValues,
): void {
  const reason = update.role === 'node' ? 'node-connected' : 'connect';
  mergeFacts(row, { ...reportable(update.facts), reason }, 'connect', now.monoMs, shared);
  const ip = normalizeIp(update.observedIp);
  if (ip !== undefined) {
    mergeFacts(row, { ip }, 'socket', now.monoMs, shared);
    row.observedIp = ip;
  }
  if (row.connections === 0) row.connectedMonoMs = now.monoMs;
  row.disconnectedMonoMs = undefined;
  attach(row, connection.grant);
  connection.row = row;
}

/** Why an instance arrives that has no live connection here. */
function arrivalOf({ disconnectedMonoMs }: Row, now: Instant, away: number | undefined): Cause {
  if (disconnectedMonoMs !== undefined) return reconnected(now.monoMs - disconnectedMonoMs);
  return away === undefined ? connected : reconnected(away);
}

/** The facts with their address in canonical form, or without it when it is no usable one (PI1, PI2). */
function reportable(facts: Facts): Facts {
  if (facts.ip === undefined) return facts;
  const ip = normalizeIp(facts.ip);
  if (ip === facts.ip) return facts;
  const { ip: _, ...others } = facts;
  return ip === undefined ? others : { ...others, ip };
}
