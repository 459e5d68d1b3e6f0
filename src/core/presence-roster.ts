import { normalizeIp } from './address.ts';
import { type Cause, connected, firstBeacon, reconnected, replaced, unknownCause, woke } from './cause.ts';
import type { Change } from './change.ts';
import { ConnectionTable, type LiveConnection } from './connection-table.ts';
import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { Holdings } from './holdings.ts';
import type { Stamp } from './hybrid-clock.ts';
import { presenceKey, textKey } from './key.ts';
import { aloneId, type MemberId } from './member-id.ts';
import type { MemberStatus, UpstreamMember } from './member-status.ts';
import { MergedRoster } from './merged-roster.ts';
import type { MergedRosterOptions } from './merged-state.ts';
import type { Instant } from './ports.ts';
import type { ChangeListener } from './presence-reader.ts';
import { type RestrictedListing, RestrictedRoster } from './restricted-roster.ts';
import type { Outcome, Roster, Target } from './roster.ts';
import { type RosterOptions, type RosterRules, rosterRules } from './roster-options.ts';
import { acceptedFacts, attach, clearLastInput, detach, mergeFacts, type Row } from './row.ts';
import { RowStore } from './row-store.ts';
import type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';
import type { UpstreamChanges } from './upstream-members.ts';

/** A refusal, in the form in which methods return it. */
type Refused = { readonly refusal: Refusal };

/** What a beacon is about. */
interface Resolved {
  readonly key: string;
  readonly row: Row | undefined;
  readonly facts: Facts;
}

const nothing: { readonly changes: readonly Change[] } = { changes: [] };
const unknownConnection = refused('unknown-connection', 'this connection is not live');
const noKey = refused('no-key', 'an update needs an instanceId, deviceId, host, ip, live connection or text');
const selfRow = refused('self-row', "the gateway's own row can be written by the gateway only");

const gatewayRow = refused('self-row', "a gateway's own row can be written by that gateway only");

/** Who keeps a roster, and its bounds. */
export interface PresenceRosterOptions extends RosterOptions {
  /** This run of this gateway, in a cluster; absent in none. */
  readonly memberId?: MemberId;
  /** What `gateways` of rows calls this gateway; default the host of its own row, which it always is in a cluster. */
  readonly name?: string;
}

/**
 * The roster of one to n members: this gateway, the gateways of its cluster, and upstreams, which are read only.
 *
 * It finds which row an update is about, once, and merges it into what this gateway knows. Alone, that is what is listed
 * ({@link RowStore}); with others it becomes this gateway's register of the row, and what is listed follows from the
 * registers of all ({@link MergedRoster}). A gateway that is alone pays nothing for the others.
 * {@link takeContributions} is what the cluster must be sent; {@link receive} and its kin take what it sends.
 */
export class PresenceRoster implements Roster {
  readonly memberId: MemberId;
  readonly #rules: RosterRules;
  readonly #mergedOptions: MergedRosterOptions;
  readonly #rows: RowStore;
  readonly #connections = new ConnectionTable();
  /** There once there is more than this gateway. */
  #merged: MergedRoster | undefined;
  #outbox = new Map<string, Contribution>();
  /** For readers who may see some members only; each takes every input after the whole roster has. */
  #restricted: readonly RestrictedRoster[] = [];

  constructor(options: PresenceRosterOptions = {}) {
    const isShared = options.memberId !== undefined;
    this.memberId = options.memberId ?? aloneId;
    this.#rules = rosterRules(options);
    const { ttlMs, maxEntries } = this.#rules;
    const name = isShared ? undefined : options.name;
    this.#mergedOptions = { memberId: this.memberId, ttlMs, maxEntries, name };
    this.#rows = new RowStore(this.#rules);
    if (isShared) this.#merged = new MergedRoster(this.#mergedOptions);
  }

  get version(): number {
    return this.#listing.version;
  }

  get size(): number {
    return this.#listing.size;
  }

  get maxEntries(): number {
    return this.#rules.maxEntries;
  }

  get evictions(): number {
    return this.#listing.evictions;
  }

  /** Registers that are kept only to outlive older news of the same row; bounded. */
  get tombstones(): number {
    return this.#merged?.tombstones ?? 0;
  }

  /** Everything that was published here so far is not later than this. */
  get latestStamp(): Stamp {
    return this.#shared.cluster.latestStamp;
  }

  /** What is known here of the rows of a member of the cluster, this one included (PC11). */
  holdings(memberId: MemberId): Holdings {
    return this.#shared.cluster.holdings(memberId);
  }

  get pendingRenewals(): number {
    return this.#rows.pendingRenewals;
  }

  setSelf(facts: Facts, now: Instant): readonly Change[] {
    const key = presenceKey(facts.instanceId);
    if (key === undefined) throw new TypeError('the gateway needs an instanceId for its own row');
    const self = { ...reportable(facts), mode: 'gateway', reason: 'self' };
    return this.#publish(this.#rows.setSelf(key, self, now), now);
  }

  connect(update: ConnectUpdate, now: Instant): Outcome {
    const { connectionId } = update;
    const { facts, key = presenceKey(connectionId) } = this.#identify(update.facts);
    if (key === undefined) throw new TypeError('a connection needs an id');
    const refusal = this.#refusalOf(key);
    if (refusal !== undefined) return refusal;
    const connection = this.#connections.add(connectionId, key, update.role, update.scopes);
    if (this.#isHidden(facts.mode)) return nothing;
    const changes = this.#rows.begin(now);
    const row = this.#rows.get(key) ?? this.#takeOver(facts, key, changes) ?? this.#rows.create(key, now);
    const arrival = row.connections > 0 ? undefined : arrivalOf(row, now, this.#awayMs(key, now));
    join(row, connection, { ...update, facts }, now);
    if (arrival !== undefined) row.cause = arrival;
    this.#rows.publish(row, 'connect', now, changes, arrival);
    return { changes: this.#publish(changes, now) };
  }

  disconnect(connectionId: string, now: Instant, cause: Cause = unknownCause): readonly Change[] {
    const connection = this.#connections.remove(connectionId);
    const row = connection?.row;
    if (connection === undefined || row === undefined) return [];
    if (row.connections > 1) return this.#publish(this.#leave(row, connection, now), now);
    row.cause = cause;
    return this.#publish(this.#leaveLast(row, connection, now), now);
  }

  beacon(update: BeaconUpdate, now: Instant): Outcome {
    const target = this.#resolve(update);
    if ('refusal' in target) return target;
    if (this.#isHidden(update.facts.mode)) return nothing;
    const changes = this.#rows.begin(now);
    const row = target.row ?? this.#rows.create(target.key, now);
    const facts = acceptedFacts(row, reportable(target.facts));
    const didWake = facts.reason === 'wake' && row.facts.reason !== 'wake';
    mergeFacts(row, facts, 'beacon', now.monoMs);
    if (facts.ip !== undefined) row.reportedIp = facts.ip;
    if (update.clearLastInput === true) clearLastInput(row);
    const arrival = target.row === undefined ? firstBeacon : didWake ? woke : undefined;
    if (arrival !== undefined) row.cause = arrival;
    this.#rows.publish(row, 'beacon', now, changes, arrival);
    return { changes: this.#publish(changes, now) };
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
    mergeFacts(row, facts, update.source, now.monoMs);
    if (update.clearLastInput === true) clearLastInput(row);
    if (update.hostStats !== undefined) row.hostStats = update.hostStats;
    this.#rows.publish(row, 'activity', now, changes);
    return { changes: this.#publish(changes, now) };
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): readonly Change[] {
    const row = this.#connections.get(connectionId)?.row;
    if (row === undefined) return [];
    if (rttMs !== undefined) row.rttMs = Math.max(0, Math.round(rttMs));
    return this.#publish(this.#rows.renew(row, now), now);
  }

  forget(key: string, now: Instant, cause?: Cause): readonly Change[] {
    const row = this.#rows.get(key);
    if (row?.listed === undefined || row.connections > 0) return [];
    const changes = this.#rows.begin(now);
    this.#rows.remove(
      row,
      cause === undefined ? 'taken-over' : 'removed',
      now,
      changes,
      cause ?? replaced(undefined),
    );
    return this.#publish(changes, now);
  }

  republish(keys: readonly string[], now: Instant): readonly Change[] {
    for (const roster of this.#restricted) roster.republish(keys, now);
    if (this.#merged !== undefined) return this.#merged.republish(keys, now);
    const listed = keys.filter((key) => this.#rows.view(key, now) !== undefined);
    return listed.length === 0 ? [] : this.#rows.republishListed(listed, now);
  }

  publishRenewals(now: Instant): readonly Change[] {
    return this.#publish(this.#rows.publishRenewals(now), now);
  }

  sweep(now: Instant): readonly Change[] {
    const changes = this.#publish(this.#rows.sweep(now), now);
    if (this.#merged === undefined) return changes;
    const all = [...changes, ...this.#merged.sweep(now)];
    for (const roster of this.#restricted) roster.sweep(now);
    return all;
  }

  nextExpiryMonoMs(now: Instant): number | undefined {
    const own = this.#rows.nextExpiryMonoMs();
    const others = [this.#merged, ...this.#restricted].map((roster) => roster?.nextExpiryMonoMs(now));
    const known = [own, ...others].filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  target(update: BeaconUpdate): Target | Refused {
    const target = this.#resolve(update);
    if ('refusal' in target) return target;
    return { key: target.key, own: target.key === this.keyOf(update.connectionId) };
  }

  keyOf(connectionId: string | undefined): string | undefined {
    const connection = this.#connections.get(connectionId);
    return connection?.row?.key ?? connection?.key;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    return this.#listing.view(key, now);
  }

  views(now: Instant): Generator<InstanceView, void, undefined> {
    return this.#listing.views(now);
  }

  addMember(member: UpstreamMember, now: Instant): readonly Change[] {
    const changes = this.#merged === undefined ? this.#share(now) : [];
    const all = [...changes, ...this.#shared.upstreams.add(member, now)];
    for (const roster of this.#restricted) roster.addUpstream(member.id, now);
    return all;
  }

  replaceMember(id: string, rows: readonly InstanceView[], now: Instant): readonly Change[] {
    const changes = this.#shared.upstreams.replace(id, rows, now);
    for (const roster of this.#restricted) roster.replaceUpstream(id, rows, now);
    return changes;
  }

  writeMember(id: string, update: UpstreamChanges, now: Instant): readonly Change[] {
    const changes = this.#shared.upstreams.write(id, update, now);
    for (const roster of this.#restricted) roster.writeUpstream(id, update, now);
    return changes;
  }

  setMemberStatus(id: string, status: MemberStatus, now: Instant): readonly Change[] {
    const changes = this.#shared.upstreams.setStatus(id, status, now);
    for (const roster of this.#restricted) roster.setUpstreamStatus(id, status, now);
    return changes;
  }

  removeMember(id: string, now: Instant): readonly Change[] {
    const changes = this.#shared.upstreams.remove(id, now);
    for (const roster of this.#restricted) roster.removeUpstream(id, now);
    return changes;
  }

  restrict(
    gateways: readonly string[],
    onChanges: ChangeListener,
    now: Instant,
  ): { readonly listing: RestrictedListing; readonly changes: readonly Change[] } {
    const changes = this.#merged === undefined ? this.#share(now) : [];
    const roster = new RestrictedRoster({ source: this.#shared, gateways, onChanges }, now);
    this.#restricted = [...this.#restricted, roster];
    const { maxEntries } = this;
    const listing: RestrictedListing = {
      maxEntries,
      get version() {
        return roster.version;
      },
      get size() {
        return roster.size;
      },
      get evictions() {
        return roster.evictions;
      },
      view: (key, at) => roster.view(key, at),
      views: (at) => roster.views(at),
      end: () => {
        this.#restricted = this.#restricted.filter((other) => other !== roster);
      },
    };
    return { listing, changes };
  }

  /** True while there is something that the other members must be sent. */
  get hasContributions(): boolean {
    return this.#outbox.size > 0;
  }

  /** What the other members must be sent since the last time: the latest of each register. */
  takeContributions(): readonly Contribution[] {
    const contributions = [...this.#outbox.values()];
    this.#outbox = new Map();
    return contributions;
  }

  /** Everything that this member publishes. */
  everything(): readonly Contribution[] {
    return this.#shared.cluster.everything();
  }

  /** What to publish so that registers of this member which somebody still keeps, but are gone here, become empty. */
  retract(kept: readonly Contribution[], now: Instant): readonly Contribution[] {
    return this.#shared.cluster.retract(kept, now);
  }

  /** The latest moment that a member can have seen on a clock that is set right (PC14). */
  latestPossibleMs(now: Instant): number {
    return this.#shared.cluster.latestPossibleMs(now);
  }

  /** The clock of the cluster is known now: stamps everything anew when the stamps of this member are ahead of what is possible (PC14). */
  restamp(now: Instant): readonly Change[] {
    const changes = this.#shared.cluster.restamp(now);
    for (const roster of this.#restricted) roster.restamp();
    return changes;
  }

  /** Contributions of other members, in any order. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const changes = this.#shared.cluster.receive(contributions, now);
    for (const roster of this.#restricted) roster.receive(contributions, now);
    const aboutUs = contributions.filter(({ memberId }) => memberId === this.memberId);
    return [...changes, ...aboutUs.flatMap((contribution) => this.#reconcile(contribution, now))];
  }

  /** Everything that another member had at a stamp; `others`: rows that it has too, but whose news cannot be used. */
  receiveAll(
    memberId: MemberId,
    contributions: readonly Contribution[],
    asOf: Stamp,
    now: Instant,
    others: Iterable<string> = [],
  ): readonly Change[] {
    const changes = this.#shared.cluster.receiveAll(memberId, contributions, asOf, now, others);
    for (const roster of this.#restricted) roster.receiveAll(memberId, contributions, asOf, now, others);
    return changes;
  }

  /** Something became known about another gateway of the cluster. */
  setClusterStatus(memberId: MemberId, status: MemberStatus, now: Instant): readonly Change[] {
    const changes = this.#shared.cluster.setStatus(memberId, status, now);
    for (const roster of this.#restricted) roster.setStatus(memberId, status, now);
    return changes;
  }

  get #listing(): RowStore | MergedRoster {
    return this.#merged ?? this.#rows;
  }

  /** Throws `TypeError` while there is nobody but this gateway. */
  get #shared(): MergedRoster {
    if (this.#merged === undefined) throw new TypeError('this gateway is in no cluster and has no upstream');
    return this.#merged;
  }

  /** From now on rows of others are listed, too. */
  #share(now: Instant): readonly Change[] {
    const { version, evictions } = this.#rows;
    this.#merged = new MergedRoster({ ...this.#mergedOptions, version, evictions });
    return this.#merged.adopt([...this.#rows.views(now)], now);
  }

  /** Turns changes of what this gateway knows into changes of what is listed. */
  #publish(own: readonly Change[], now: Instant): readonly Change[] {
    if (this.#merged === undefined || own.length === 0) return own;
    const { changes, written } = this.#merged.publish(own, now);
    for (const roster of this.#restricted) roster.mirror(written, now);
    if (this.memberId !== aloneId) {
      for (const { contribution } of written)
        this.#outbox.set(`${contribution.memberId} ${contribution.key}`, contribution);
    }
    return changes;
  }

  /**
   * Somebody else wrote this member's register, because a client seemed to have left here and came to them (PK8). If
   * it is connected here after all, that is published again; else the row is theirs.
   */
  #reconcile(foreign: Contribution, now: Instant): readonly Change[] {
    const { key } = foreign;
    const view = this.#rows.view(key, now);
    if (view === undefined || view.self === true || this.#shared.ownRegister(key) !== foreign) return [];
    if (view.connections === 0) return this.forget(key, now);
    return this.#publish(
      [{ kind: 'upsert', key, view, trigger: 'replicated', version: this.#rows.version }],
      now,
    );
  }

  /** For how long no gateway of the cluster had a connection of an instance, milliseconds; `undefined` when it was not disconnected. */
  #awayMs(key: string, now: Instant): number | undefined {
    const leftAtMs = this.#merged?.leftAtMs(key);
    return leftAtMs === undefined ? undefined : now.wallMs - leftAtMs;
  }

  /** Which row a beacon is about; `row` is undefined when it would be a new one here (PK3, PK4). */
  #resolve(update: BeaconUpdate): Resolved | Refused {
    const { facts, key = this.#beaconKey(update) } = this.#identify(update.facts);
    if (key === undefined) return noKey;
    const row = this.#rows.get(key);
    const refusal = claimsSelf(facts, row) ? selfRow : this.#refusalOf(key);
    return refusal ?? { key, row, facts };
  }

  /** Rows of gateways are written by those gateways only (PR2). */
  #refusalOf(key: string): Refused | undefined {
    if (this.#rows.isSelf(key)) return selfRow;
    return this.#merged?.isGatewayRow(key) === true ? gatewayRow : undefined;
  }

  /** Key of a beacon that names neither instance nor device (PK3). */
  #beaconKey({ facts, connectionId }: BeaconUpdate): string | undefined {
    const sender = this.#connections.get(connectionId)?.row;
    return presenceKey(facts.host) ?? normalizeIp(facts.ip) ?? sender?.key ?? textKey(facts.text);
  }

  /**
   * The row of an update by who it is: its instanceId, else the freshest row of its device, at whichever gateway (PK2, PK3,
   * PK4). One that only others know brings its instanceId along.
   */
  #identify(facts: Facts): { readonly facts: Facts; readonly key?: string } {
    const { deviceId } = facts;
    const instanceKey = presenceKey(facts.instanceId);
    if (instanceKey !== undefined) return { facts, key: instanceKey };
    const deviceKey = presenceKey(deviceId);
    if (deviceKey === undefined) return { facts };
    const own = this.#rows.ofDevice(deviceId);
    const theirs = this.#merged?.freshestOfDevice(deviceId, (key) => this.#rows.get(key) === undefined);
    if (theirs?.instanceId !== undefined && theirs.ts > (own?.view.ts ?? -1))
      return { facts: { ...facts, instanceId: theirs.instanceId }, key: theirs.key };
    return { facts, key: own?.key ?? deviceKey };
  }

  /** Gives the row that this device left behind in this mode to its new instance (PK8). */
  #takeOver(facts: Facts, key: string, changes: Change[]): Row | undefined {
    const row = this.#rows.parkedOfDevice(facts.deviceId, facts.mode);
    if (row !== undefined) this.#rows.move(row, key, changes);
    return row;
  }

  /** One of several connections closes: only grants and the count change (PR8). */
  #leave(row: Row, connection: LiveConnection, now: Instant): readonly Change[] {
    detach(row, connection.grant);
    if (row.listed === undefined) return [];
    const changes = this.#rows.begin(now);
    this.#rows.republish(row, 'disconnect', changes);
    return changes;
  }

  /** The last connection closes: the row stays until it expires, unless its mode is a passing one (PR4, PR8). */
  #leaveLast(row: Row, connection: LiveConnection, now: Instant): readonly Change[] {
    detach(row, connection.grant);
    row.connectedMonoMs = undefined;
    row.rttMs = undefined;
    if (row.listed === undefined) {
      this.#rows.forget(row);
      return [];
    }
    const changes = this.#rows.begin(now);
    if (this.#isTransient(row.facts.mode)) this.#rows.remove(row, 'transient', now, changes, row.cause);
    else this.#park(row, now, changes);
    return changes;
  }

  #park(row: Row, now: Instant, changes: Change[]): void {
    row.disconnectedMonoMs = now.monoMs;
    mergeFacts(row, { reason: 'disconnect' }, 'gateway', now.monoMs);
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
function join(row: Row, connection: LiveConnection, update: ConnectUpdate, now: Instant): void {
  const reason = update.role === 'node' ? 'node-connected' : 'connect';
  mergeFacts(row, { ...reportable(update.facts), reason }, 'connect', now.monoMs);
  const ip = normalizeIp(update.observedIp);
  if (ip !== undefined) {
    mergeFacts(row, { ip }, 'socket', now.monoMs);
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

/** The facts with their address in canonical form, or without it when it says nothing (PI1, PI2). */
function reportable(facts: Facts): Facts {
  if (facts.ip === undefined) return facts;
  const ip = normalizeIp(facts.ip);
  if (ip === facts.ip) return facts;
  const { ip: _, ...others } = facts;
  return ip === undefined ? others : { ...others, ip };
}

/** True when merging these facts would make a row look like the gateway's own (PR2). */
function claimsSelf(facts: Facts, row: Row | undefined): boolean {
  if (presenceKey(facts.mode ?? row?.facts.mode) !== 'gateway') return false;
  return presenceKey(facts.reason ?? row?.facts.reason) === 'self';
}

function refused(reason: Refusal['refused'], message: string): Refused {
  return { refusal: { refused: reason, message } };
}

/** Makes an empty roster of a gateway that is in no cluster; throws `TypeError` for options out of range. */
export function createRoster(options: Omit<PresenceRosterOptions, 'memberId'> = {}): Roster {
  return new PresenceRoster(options);
}
