import { replaced } from './cause.ts';
import type { Change, ChangeTrigger } from './change.ts';
import { ClusterRegisters } from './cluster-registers.ts';
import { type Contribution, isStatement, statementOf } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { HybridClock } from './hybrid-clock.ts';
import { LeapWatch } from './leap-watch.ts';
import type { MemberId } from './member-id.ts';
import type { Batch } from './merged-listing.ts';
import { type MergedRosterOptions, MergedState } from './merged-state.ts';
import { mergedView } from './merged-view.ts';
import type { Instant } from './ports.ts';
import { statementsOf } from './register-table.ts';
import { supersededRow } from './takeover.ts';
import { UpstreamMembers } from './upstream-members.ts';

/** A contribution of this member, and which input it came from. */
export interface Written {
  readonly contribution: Contribution;
  readonly trigger: ChangeTrigger;
}

/** What an update did: what this gateway's viewers see, and what is published to the other members. */
export interface MergeOutcome {
  readonly changes: readonly Change[];
  readonly written: readonly Written[];
}

/** A row that should have expired already is checked again after this long: its member is about to publish so. */
const secondCheckMs = 500;

/**
 * One roster of several members.
 *
 * Every gateway of a cluster keeps its own roster and publishes it by {@link Contribution}s, a register per member and
 * key in which the latest stamp wins; an upstream has registers, too, which only this gateway writes. What is listed is a function of
 * the registers and statuses alone, so members that have the same registers list the same rows, whatever the order, repetition or loss in between.
 *
 * A live member vouches for its rows and publishes itself when one expired; rows of others expire by their `ts`.
 */
export class MergedRoster {
  /** What the other gateways of the cluster publish, and what is published to them. */
  readonly cluster: ClusterRegisters;
  readonly upstreams: UpstreamMembers;
  readonly #state: MergedState;
  readonly #leaps: LeapWatch;

  /** @param clock another roster of the same member takes stamps from it, too. */
  constructor(options: MergedRosterOptions, clock?: HybridClock) {
    this.#state = new MergedState(options, clock);
    this.#leaps = new LeapWatch(options.ttlMs);
    this.cluster = new ClusterRegisters(this.#state);
    this.upstreams = new UpstreamMembers(this.#state);
  }

  get version(): number {
    return this.#state.listing.version;
  }

  get size(): number {
    return this.#state.listing.size + (this.#state.self === undefined ? 0 : 1);
  }

  get evictions(): number {
    return this.#state.listing.evictions;
  }

  /** Registers that are kept only to outlive older news of the same row; bounded. */
  get tombstones(): number {
    return this.#state.table.tombstones;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    if (key === this.#state.self?.key) return this.#state.selfView(now);
    const row = this.#state.table.get(key);
    return row?.isListed === true ? row.view : undefined;
  }

  /** All listed rows: self first, then newest first; of the same millisecond, by key. */
  *views(now: Instant): Generator<InstanceView, void, undefined> {
    const self = this.#state.selfView(now);
    if (self !== undefined) yield self;
    yield* this.#state.listing.views();
  }

  /** True for the row of another gateway, which nobody but that gateway writes (PR2). */
  isGatewayRow(key: string): boolean {
    return this.#state.isGatewayRow(key);
  }

  /** The freshest instance of a device, wherever its connections are (PK4). */
  freshestOfDevice(
    deviceId: string | undefined,
    isWanted: (key: string) => boolean,
  ): InstanceView | undefined {
    let freshest: InstanceView | undefined;
    for (const { key, view } of this.#state.table.ofDevice(deviceId)) {
      if (view !== undefined && isWanted(key) && view.ts > (freshest?.ts ?? -1)) freshest = view;
    }
    return freshest;
  }

  /** When the last connection of an instance to this gateway or its cluster closed; `undefined` when none did. */
  leftAtMs(key: string): number | undefined {
    const { members, table } = this.#state;
    const row = table.get(key);
    if (row?.isListed !== true) return undefined;
    const own = statementsOf(row).filter(({ memberId }) => !members.isUpstream(memberId));
    if (own.length === 0) return undefined;
    return mergedView(own, (memberId) => members.statusOf(memberId)).disconnectedAtMs;
  }

  /** What this member's register of a row holds. */
  ownRegister(key: string): Contribution | undefined {
    return this.#state.ownRegister(key);
  }

  /** The name of a member's gateway for people. */
  nameOf(memberId: MemberId): string {
    return this.#state.nameOf(memberId);
  }

  /** Members that anything is known of, this one included. */
  members(): ReadonlySet<MemberId> {
    const members = new Set(this.#state.members.ids());
    for (const { registers } of this.#state.table.rows())
      for (const { memberId } of registers) members.add(memberId);
    return members;
  }

  /** This member's own roster changed. */
  publish(changes: readonly Change[], now: Instant): MergeOutcome {
    const { listing } = this.#state;
    const batch = listing.open(now);
    const written: Written[] = [];
    for (const change of changes) {
      written.push({ contribution: this.#publish(change, batch), trigger: change.trigger });
      for (const contribution of this.#takeOver(change, now)) {
        written.push({ contribution, trigger: 'taken-over' });
        this.#state.write(contribution, 'taken-over', batch);
      }
    }
    return { changes: listing.close(batch), written };
  }

  /**
   * Shows what a gateway listed on its own until now: the same rows, with the names of their gateways.
   *
   * @param views the list, its own row first, then newest first.
   */
  adopt(views: readonly InstanceView[], now: Instant): readonly Change[] {
    const { clock, listing, memberId } = this.#state;
    const batch = listing.open(now);
    for (const view of [...views].reverse()) {
      const statement = { memberId, key: view.key, stamp: clock.next(now.wallMs), view };
      if (view.self === true) this.#state.publishSelf(statement, batch);
      else this.#state.write(statement, 'replicated', batch);
    }
    const before = new Map(views.map((view) => [view.key, view]));
    const version = listing.nextVersion;
    const changes = Array.from(this.views(now), (view): Change => {
      const { key } = view;
      return { kind: 'upsert', key, view, previous: before.get(key) ?? view, trigger: 'replicated', version };
    });
    return listing.close({ now, changes });
  }

  /** Shows listed rows anew: nothing is stated of them, and their order stays. */
  republish(keys: readonly string[], now: Instant): readonly Change[] {
    const { listing, self, table } = this.#state;
    const batch = listing.open(now);
    for (const key of keys) {
      if (key === self?.key) this.#state.republishSelf(batch);
      const row = table.get(key);
      if (row?.isListed !== true || row.view === undefined) continue;
      const previous = row.view;
      table.setView(row, { ...previous });
      listing.notify(row, 'annotated', batch, previous);
    }
    return listing.close(batch);
  }

  /** Drops rows that nobody vouches for and nobody has renewed for `ttlMs`, and tombstones of that age (PT1, PT2). */
  sweep(instant: Instant): readonly Change[] {
    const { listing, members, options, table } = this.#state;
    const now = this.#leaps.withoutLeap(instant);
    const batch = listing.open(instant);
    for (const memberId of members.expired(now)) {
      members.forget(memberId);
      for (const row of table.clear(memberId)) this.#state.refresh(row, 'expired', batch);
    }
    const oldestMs = now.wallMs - options.ttlMs;
    for (const [memberId, key] of members.expiredRows(oldestMs, now))
      this.upstreams.drop(memberId, key, 'expired', batch);
    for (const row of listing.seenBefore(oldestMs)) {
      const statements = statementsOf(row);
      if (statements.some(({ memberId, view }) => members.isVouchedFor(memberId, view, now))) continue;
      // A later statement that did not count beside these is listed from now on, until it expires itself.
      table.expire(
        row,
        statements.filter(({ view }) => view.ts < oldestMs),
      );
      this.#state.refresh(row, 'expired', batch);
    }
    table.sweep(now);
    return listing.close(batch);
  }

  /** Monotonic moment at which {@link sweep} may have something to drop. */
  nextExpiryMonoMs(now: Instant): number | undefined {
    const { listing, members, options } = this.#state;
    const times = [listing.oldestMs, ...members.expiryStartsMs(now)];
    const known = times.filter((time) => time !== undefined);
    if (known.length === 0) return undefined;
    const inMs = Math.min(...known) + options.ttlMs + 1 - now.wallMs;
    return now.monoMs + (inMs > 0 ? inMs : secondCheckMs);
  }

  /** A roster of the same member that holds its own row and nothing else, until members are included (PU14). */
  restricted(): MergedRoster {
    const { clock, options, self } = this.#state;
    const roster = new MergedRoster({ ...options, version: self === undefined ? 0 : 1, evictions: 0 }, clock);
    if (self !== undefined) roster.#state.setSelf(self);
    return roster;
  }

  /** Takes a member in, with everything that another roster has of it. */
  include(memberId: MemberId, source: MergedRoster, now: Instant): readonly Change[] {
    const { listing, members } = this.#state;
    const batch = listing.open(now);
    const upstream = members.include(memberId, source.#state.members);
    if (upstream !== undefined) listing.addRoom(upstream.maxRows, batch);
    for (const contribution of source.#state.contributionsOf(memberId)) {
      if (contribution.view !== undefined) members.upstream(memberId)?.put(contribution.view);
      this.#state.write(contribution, 'replicated', batch);
    }
    return listing.close(batch);
  }

  /** Drops a member of the cluster, and what it stated. */
  exclude(memberId: MemberId, now: Instant): readonly Change[] {
    const { listing, members, table } = this.#state;
    members.forget(memberId);
    const batch = listing.open(now);
    for (const row of table.clear(memberId)) this.#state.refresh(row, 'replicated', batch);
    return listing.close(batch);
  }

  /** Takes what another roster of this member published, stamps included. */
  mirror(written: readonly Written[], now: Instant): readonly Change[] {
    const { listing, memberId } = this.#state;
    const batch = listing.open(now);
    for (const { contribution, trigger } of written) {
      const isOwn = contribution.memberId === memberId;
      if (isOwn && isStatement(contribution) && contribution.view.self === true)
        this.#state.publishSelf(contribution, batch);
      else this.#state.write(contribution, trigger, batch);
    }
    return listing.close(batch);
  }

  #publish(change: Change, batch: Batch): Contribution {
    const { clock, memberId } = this.#state;
    const stamp = clock.next(batch.now.wallMs);
    const { key, trigger } = change;
    if (change.kind === 'remove') {
      const tombstone = { memberId, key, stamp, ...(change.cause && { cause: change.cause }) };
      this.#state.write(tombstone, trigger, batch);
      return tombstone;
    }
    const statement = statementOf(change, stamp, this.ownRegister(key));
    if (change.view.self === true) this.#state.publishSelf(statement, batch);
    else this.#state.write(statement, trigger, batch);
    return statement;
  }

  /** A web client that comes back to another gateway leaves no row behind at the first (PK8). */
  #takeOver(change: Change, now: Instant): readonly Contribution[] {
    const { clock, members, table } = this.#state;
    const superseded = supersededRow(change, table);
    if (superseded === undefined) return [];
    const stamp = clock.next(now.wallMs);
    const cause = replaced(change.key);
    // What an upstream states can be taken back by that upstream only.
    const writable = statementsOf(superseded).filter(({ memberId }) => !members.isUpstream(memberId));
    return writable.map(({ memberId }) => ({ memberId, key: superseded.key, stamp, cause }));
  }
}
