import type { Cause } from './cause.ts';
import type { Change } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { Stamp } from './hybrid-clock.ts';
import { InstanceRoster } from './instance-roster.ts';
import { aloneId, type MemberId } from './member-id.ts';
import { MergedRoster, type MergedRosterOptions, type UpstreamChanges } from './merged-roster.ts';
import type { Instant } from './ports.ts';
import type { Outcome, Roster, Target } from './roster.ts';
import { type RosterOptions, rosterRules } from './roster-options.ts';
import type { MemberStatus, Standing, UpstreamMember } from './standing.ts';
import type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';

/** A refusal, in the form in which methods return it. */
type Refused = { readonly refusal: Refusal };

const gatewayRow: Refused = {
  refusal: { refused: 'self-row', message: "a gateway's own row can be written by that gateway only" },
};

/**
 * A roster that may be one of several: it is written like any other, and shows what all members say.
 *
 * Members are this gateway, the gateways of its cluster, and upstreams: gateways that somebody else runs, whose rows
 * are read only. A gateway that is in no cluster and has no upstream shows its own rows, at no cost for the others.
 * {@link takeContributions} is what the cluster must be told; {@link receive} and its kin take what it says.
 */
export class ClusterRoster implements Roster {
  readonly maxEntries: number;
  readonly memberId: MemberId;
  readonly #options: MergedRosterOptions;
  readonly #local: InstanceRoster;
  /** There once there is more than this gateway. */
  #merged: MergedRoster | undefined;
  #outbox = new Map<string, Contribution>();

  /**
   * @param options `memberId`: this run of this gateway, in a cluster; absent in none. `name`: what `gateways` of rows
   * calls this gateway, by default the host of its own row; in a cluster it is always that.
   */
  constructor(options: RosterOptions & { readonly memberId?: MemberId; readonly name?: string }) {
    const { ttlMs, maxEntries } = rosterRules(options);
    const isShared = options.memberId !== undefined;
    const memberId = options.memberId ?? aloneId;
    this.maxEntries = maxEntries;
    this.memberId = memberId;
    this.#options = { memberId, ttlMs, maxEntries, name: isShared ? undefined : options.name };
    this.#local = new InstanceRoster(rosterRules(options));
    if (isShared) this.#merged = new MergedRoster(this.#options);
  }

  get version(): number {
    return this.#shown.version;
  }

  get size(): number {
    return this.#shown.size;
  }

  get evictions(): number {
    return this.#shown.evictions;
  }

  get pendingRenewals(): number {
    return this.#local.pendingRenewals;
  }

  /** Registers that are kept only to outlive older news of the same row; bounded. */
  get tombstones(): number {
    return this.#merged?.tombstones ?? 0;
  }

  /** Everything that was said here so far is not later than this. */
  get latestStamp(): Stamp {
    return this.#cluster.latestStamp;
  }

  setSelf(facts: Facts, now: Instant): readonly Change[] {
    return this.#say(this.#local.setSelf(facts, now), now);
  }

  connect(update: ConnectUpdate, now: Instant): Outcome {
    if (this.#merged === undefined) return this.#local.connect(update, now);
    const identified = { ...update, facts: this.#identified(update.facts) };
    const target = this.target(identified);
    if ('refusal' in target && target === gatewayRow) return target;
    return this.#said(
      this.#local.connect(identified, now, this.#away('key' in target ? target.key : '', now)),
      now,
    );
  }

  disconnect(connectionId: string, now: Instant, cause?: Cause): readonly Change[] {
    return this.#say(this.#local.disconnect(connectionId, now, cause), now);
  }

  beacon(update: BeaconUpdate, now: Instant): Outcome {
    if (this.#merged === undefined) return this.#local.beacon(update, now);
    const target = this.target(update);
    if ('refusal' in target) return target;
    return this.#said(this.#local.beacon({ ...update, facts: this.#identified(update.facts) }, now), now);
  }

  activity(update: ActivityUpdate, now: Instant): Outcome {
    return this.#said(this.#local.activity(update, now), now);
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): readonly Change[] {
    return this.#say(this.#local.renew(connectionId, rttMs, now), now);
  }

  forget(key: string, now: Instant): readonly Change[] {
    return this.#say(this.#local.forget(key, now), now);
  }

  publishRenewals(now: Instant): readonly Change[] {
    return this.#say(this.#local.publishRenewals(now), now);
  }

  sweep(now: Instant): readonly Change[] {
    const local = this.#local.sweep(now);
    if (this.#merged === undefined) return local;
    return [...this.#say(local, now), ...this.#merged.sweep(now)];
  }

  nextExpiryMonoMs(now: Instant): number | undefined {
    const times = [this.#local.nextExpiryMonoMs(now), this.#merged?.nextExpiryMonoMs(now)];
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  target(update: BeaconUpdate): Target | Refused {
    const target = this.#local.target({ ...update, facts: this.#identified(update.facts) });
    return 'key' in target && this.#merged?.isGatewayRow(target.key) === true ? gatewayRow : target;
  }

  keyOf(connectionId: string | undefined): string | undefined {
    return this.#local.keyOf(connectionId);
  }

  view(key: string, now: Instant): InstanceView | undefined {
    return this.#shown.view(key, now);
  }

  views(now: Instant): Generator<InstanceView, void, undefined> {
    return this.#shown.views(now);
  }

  /** There is something for the other members. */
  get hasContributions(): boolean {
    return this.#outbox.size > 0;
  }

  /** What the other members must be told since the last time: the latest of each register. */
  takeContributions(): readonly Contribution[] {
    const contributions = [...this.#outbox.values()];
    this.#outbox = new Map();
    return contributions;
  }

  /** Everything that this member says. */
  everything(): readonly Contribution[] {
    return this.#cluster.everything();
  }

  /** What to say so that registers of this member which somebody still keeps, but are gone here, become empty. */
  retract(kept: readonly Contribution[], now: Instant): readonly Contribution[] {
    return this.#cluster.retract(kept, now);
  }

  /** Other members said something, in any order. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const changes = this.#cluster.receive(contributions, now);
    const foreign = contributions.filter(({ memberId }) => memberId === this.memberId);
    return [...changes, ...foreign.flatMap((contribution) => this.#reconcile(contribution, now))];
  }

  /** Another member said everything that it had at a stamp. */
  receiveAll(
    memberId: MemberId,
    contributions: readonly Contribution[],
    asOf: Stamp,
    now: Instant,
  ): readonly Change[] {
    return this.#cluster.receiveAll(memberId, contributions, asOf, now);
  }

  /** Something became known about another member. */
  setStanding(memberId: MemberId, standing: Standing, now: Instant): readonly Change[] {
    return this.#cluster.setStanding(memberId, standing, now);
  }

  addMember(member: UpstreamMember, now: Instant): readonly Change[] {
    const changes = this.#merged === undefined ? this.#share(now) : [];
    return [...changes, ...this.#cluster.addUpstream(member, now)];
  }

  replaceMember(id: string, rows: readonly InstanceView[], now: Instant): readonly Change[] {
    return this.#cluster.replaceUpstream(id, rows, now);
  }

  writeMember(id: string, changes: UpstreamChanges, now: Instant): readonly Change[] {
    return this.#cluster.writeUpstream(id, changes, now);
  }

  setMemberStatus(id: string, status: MemberStatus, now: Instant): readonly Change[] {
    return this.#cluster.setUpstreamStatus(id, status, now);
  }

  removeMember(id: string, now: Instant): readonly Change[] {
    return this.#cluster.removeUpstream(id, now);
  }

  /** What is listed. */
  get #shown(): InstanceRoster | MergedRoster {
    return this.#merged ?? this.#local;
  }

  /** Throws `TypeError` while there is nobody but this gateway. */
  get #cluster(): MergedRoster {
    if (this.#merged === undefined) throw new TypeError('this gateway is in no cluster and has no upstream');
    return this.#merged;
  }

  /** From now on rows of others are shown, too. */
  #share(now: Instant): readonly Change[] {
    const { version, evictions } = this.#local;
    this.#merged = new MergedRoster({ ...this.#options, version, evictions });
    return this.#merged.adopt([...this.#local.views(now)], now);
  }

  #said(outcome: Outcome, now: Instant): Outcome {
    return 'changes' in outcome ? { changes: this.#say(outcome.changes, now) } : outcome;
  }

  #say(local: readonly Change[], now: Instant): readonly Change[] {
    if (local.length === 0 || this.#merged === undefined) return local;
    const { changes, contributions } = this.#merged.say(local, now);
    if (this.memberId === aloneId) return changes;
    for (const contribution of contributions) {
      this.#outbox.set(`${contribution.memberId} ${contribution.key}`, contribution);
    }
    return changes;
  }

  /**
   * Somebody else wrote this member's register, because a client seemed to have left here and came to them (PK8). If
   * it is connected here after all, that is said again; else the row is theirs.
   */
  #reconcile(foreign: Contribution, now: Instant): readonly Change[] {
    const { key } = foreign;
    const view = this.#local.view(key, now);
    if (view === undefined || view.self === true || this.#cluster.ownWord(key) !== foreign) return [];
    if (view.connections === 0) return this.forget(key, now);
    return this.#say(
      [{ kind: 'upsert', key, view, trigger: 'replicated', version: this.#local.version }],
      now,
    );
  }

  /** For how long no gateway had a connection of an instance, milliseconds; `undefined` when it was not disconnected. */
  #away(key: string, now: Instant): number | undefined {
    const leftAtMs = this.#merged?.view(key, now)?.disconnectedAtMs;
    return leftAtMs === undefined ? undefined : now.wallMs - leftAtMs;
  }

  /** An update with a device id alone is about the freshest instance of the device, at whichever gateway (PK4). */
  #identified(facts: Facts): Facts {
    if (this.#merged === undefined || facts.instanceId !== undefined || facts.deviceId === undefined)
      return facts;
    const known = this.#merged.freshestOfDevice(facts.deviceId);
    return known?.instanceId === undefined ? facts : { ...facts, instanceId: known.instanceId };
  }
}

/** Makes an empty roster of one gateway; throws `TypeError` for options out of range. `name` as in {@link ClusterRoster}. */
export function createRoster(options: RosterOptions & { readonly name?: string } = {}): Roster {
  return new ClusterRoster(options);
}
