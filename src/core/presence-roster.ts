import type { Cause } from './cause.ts';
import type { Change } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { Holdings } from './holdings.ts';
import type { Stamp } from './hybrid-clock.ts';
import { LocalRoster } from './local-roster.ts';
import { aloneId, type MemberId } from './member-id.ts';
import type { MemberStatus, UpstreamMember } from './member-status.ts';
import { MergedRoster } from './merged-roster.ts';
import type { MergedRosterOptions } from './merged-state.ts';
import type { Instant } from './ports.ts';
import type { ChangeListener } from './presence-reader.ts';
import { type RestrictedListing, RestrictedRoster } from './restricted-roster.ts';
import type { Outcome, Roster, Target } from './roster.ts';
import { type RosterOptions, type RosterRules, rosterRules } from './roster-options.ts';
import type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refused } from './update.ts';
import type { UpstreamChanges } from './upstream-members.ts';

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
 * An update is merged into the state of this gateway ({@link LocalRoster}). Alone, that is what is listed; with others it
 * becomes this gateway's register of the row, and what is listed follows from the registers of all ({@link MergedRoster}).
 * A gateway that is alone pays nothing for the others (docs/decisions/0009-cluster.md).
 * {@link takeContributions} is what the cluster must be sent; {@link receive} and its kin take what it sends.
 */
export class PresenceRoster implements Roster {
  readonly memberId: MemberId;
  readonly #rules: RosterRules;
  readonly #mergedOptions: MergedRosterOptions;
  readonly #local: LocalRoster;
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
    this.#local = new LocalRoster(this.#rules, () => this.#merged);
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
    return this.#local.pendingRenewals;
  }

  setSelf(facts: Facts, now: Instant): readonly Change[] {
    return this.#publish(this.#local.setSelf(facts, now), now);
  }

  connect(update: ConnectUpdate, now: Instant): Outcome {
    return this.#publishOutcome(this.#local.connect(update, now), now);
  }

  disconnect(connectionId: string, now: Instant, cause?: Cause): readonly Change[] {
    return this.#publish(this.#local.disconnect(connectionId, now, cause), now);
  }

  beacon(update: BeaconUpdate, now: Instant): Outcome {
    return this.#publishOutcome(this.#local.beacon(update, now), now);
  }

  activity(update: ActivityUpdate, now: Instant): Outcome {
    return this.#publishOutcome(this.#local.activity(update, now), now);
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): readonly Change[] {
    return this.#publish(this.#local.renew(connectionId, rttMs, now), now);
  }

  forget(key: string, now: Instant, cause?: Cause): readonly Change[] {
    return this.#publish(this.#local.forget(key, now, cause), now);
  }

  republish(keys: readonly string[], now: Instant): readonly Change[] {
    for (const roster of this.#restricted) roster.republish(keys, now);
    if (this.#merged !== undefined) return this.#merged.republish(keys, now);
    return this.#local.republish(keys, now);
  }

  publishRenewals(now: Instant): readonly Change[] {
    return this.#publish(this.#local.publishRenewals(now), now);
  }

  sweep(now: Instant): readonly Change[] {
    const changes = this.#publish(this.#local.sweep(now), now);
    if (this.#merged === undefined) return changes;
    const all = [...changes, ...this.#merged.sweep(now)];
    for (const roster of this.#restricted) roster.sweep(now);
    return all;
  }

  nextExpiryMonoMs(now: Instant): number | undefined {
    const own = this.#local.nextExpiryMonoMs();
    const others = [this.#merged, ...this.#restricted].map((roster) => roster?.nextExpiryMonoMs(now));
    const known = [own, ...others].filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  target(update: BeaconUpdate): Target | Refused {
    return this.#local.target(update);
  }

  keyOf(connectionId: string | undefined): string | undefined {
    return this.#local.keyOf(connectionId);
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

  get #listing(): LocalRoster | MergedRoster {
    return this.#merged ?? this.#local;
  }

  /** Throws `TypeError` while there is nobody but this gateway. */
  get #shared(): MergedRoster {
    if (this.#merged === undefined) throw new TypeError('this gateway is in no cluster and has no upstream');
    return this.#merged;
  }

  /** From now on rows of others are listed, too. */
  #share(now: Instant): readonly Change[] {
    const { version, evictions } = this.#local;
    this.#merged = new MergedRoster({ ...this.#mergedOptions, version, evictions });
    return this.#merged.adopt([...this.#local.views(now)], now);
  }

  /** Turns changes of this gateway's state into changes of what is listed. */
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

  #publishOutcome(outcome: Outcome, now: Instant): Outcome {
    if ('refusal' in outcome || this.#merged === undefined) return outcome;
    return { changes: this.#publish(outcome.changes, now) };
  }

  /**
   * Somebody else wrote this member's register, because a client seemed to have left here and came to them (PK8). If
   * it is connected here after all, that is published again; else the row is theirs.
   */
  #reconcile(foreign: Contribution, now: Instant): readonly Change[] {
    const { key } = foreign;
    const view = this.#local.view(key, now);
    if (view === undefined || view.self === true || this.#shared.ownRegister(key) !== foreign) return [];
    if (view.connections === 0) return this.forget(key, now);
    return this.#publish(
      [{ kind: 'upsert', key, view, trigger: 'replicated', version: this.#local.version }],
      now,
    );
  }
}

/** Makes an empty roster of a gateway that is in no cluster; throws `TypeError` for options out of range. */
export function createRoster(options: Omit<PresenceRosterOptions, 'memberId'> = {}): Roster {
  return new PresenceRoster(options);
}
