import type { Cause } from './cause.ts';
import type { Change } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { Stamp } from './hybrid-clock.ts';
import { InstanceRoster } from './instance-roster.ts';
import type { MemberId } from './member-id.ts';
import { MergedRoster } from './merged-roster.ts';
import type { Instant } from './ports.ts';
import type { Outcome, Roster, Target } from './roster.ts';
import { type RosterOptions, rosterRules } from './roster-options.ts';
import type { Standing } from './standing.ts';
import type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';

/** A refusal, in the form in which methods return it. */
type Refused = { readonly refusal: Refusal };

const gatewayRow: Refused = {
  refusal: { refused: 'self-row', message: "a gateway's own row can be written by that gateway only" },
};

/**
 * A roster that is one of several in a cluster: it is written like any other, and shows what all members say.
 *
 * {@link takeContributions} is what the others must be told; {@link receive} and its kin take what they say.
 */
export class ClusterRoster implements Roster {
  readonly maxEntries: number;
  readonly memberId: MemberId;
  readonly #local: InstanceRoster;
  readonly #merged: MergedRoster;
  #outbox = new Map<string, Contribution>();

  constructor(options: RosterOptions & { readonly memberId: MemberId }) {
    const { ttlMs, maxEntries } = rosterRules(options);
    this.maxEntries = maxEntries;
    this.memberId = options.memberId;
    this.#local = new InstanceRoster(rosterRules(options));
    this.#merged = new MergedRoster({ memberId: options.memberId, ttlMs, maxEntries });
  }

  get version(): number {
    return this.#merged.version;
  }

  get size(): number {
    return this.#merged.size;
  }

  get evictions(): number {
    return this.#merged.evictions;
  }

  get pendingRenewals(): number {
    return this.#local.pendingRenewals;
  }

  /** Registers that are kept only to outlive older news of the same row; bounded. */
  get tombstones(): number {
    return this.#merged.tombstones;
  }

  /** Everything that was said here so far is not later than this. */
  get latestStamp(): Stamp {
    return this.#merged.latestStamp;
  }

  setSelf(facts: Facts, now: Instant): readonly Change[] {
    return this.#say(this.#local.setSelf(facts, now), now);
  }

  connect(update: ConnectUpdate, now: Instant): Outcome {
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
    return [...this.#say(this.#local.sweep(now), now), ...this.#merged.sweep(now)];
  }

  nextExpiryMonoMs(now: Instant): number | undefined {
    const times = [this.#local.nextExpiryMonoMs(now), this.#merged.nextExpiryMonoMs(now)];
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  target(update: BeaconUpdate): Target | Refused {
    const target = this.#local.target({ ...update, facts: this.#identified(update.facts) });
    return 'key' in target && this.#merged.isGatewayRow(target.key) ? gatewayRow : target;
  }

  keyOf(connectionId: string | undefined): string | undefined {
    return this.#local.keyOf(connectionId);
  }

  view(key: string, now: Instant): InstanceView | undefined {
    return this.#merged.view(key, now);
  }

  views(now: Instant): Generator<InstanceView, void, undefined> {
    return this.#merged.views(now);
  }

  /** What the other members must be told since the last time: the latest of each register. */
  takeContributions(): readonly Contribution[] {
    const contributions = [...this.#outbox.values()];
    this.#outbox = new Map();
    return contributions;
  }

  /** Everything that this member says. */
  everything(): readonly Contribution[] {
    return this.#merged.everything();
  }

  /** What to say so that registers of this member which somebody still keeps, but are gone here, become empty. */
  retract(kept: readonly Contribution[], now: Instant): readonly Contribution[] {
    return this.#merged.retract(kept, now);
  }

  /** Other members said something, in any order. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const changes = this.#merged.receive(contributions, now);
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
    return this.#merged.receiveAll(memberId, contributions, asOf, now);
  }

  /** Something became known about another member. */
  setStanding(memberId: MemberId, standing: Standing, now: Instant): readonly Change[] {
    return this.#merged.setStanding(memberId, standing, now);
  }

  #said(outcome: Outcome, now: Instant): Outcome {
    return 'changes' in outcome ? { changes: this.#say(outcome.changes, now) } : outcome;
  }

  #say(local: readonly Change[], now: Instant): readonly Change[] {
    if (local.length === 0) return local;
    const { changes, contributions } = this.#merged.say(local, now);
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
    if (view === undefined || view.self === true || this.#merged.ownWord(key) !== foreign) return [];
    if (view.connections === 0) return this.forget(key, now);
    return this.#say(
      [{ kind: 'upsert', key, view, trigger: 'replicated', version: this.#local.version }],
      now,
    );
  }

  /** For how long no gateway had a connection of an instance, milliseconds; `undefined` when it was not disconnected. */
  #away(key: string, now: Instant): number | undefined {
    const leftAtMs = this.#merged.view(key, now)?.disconnectedAtMs;
    return leftAtMs === undefined ? undefined : now.wallMs - leftAtMs;
  }

  /** An update with a device id alone is about the freshest instance of the device, at whichever gateway (PK4). */
  #identified(facts: Facts): Facts {
    if (facts.instanceId !== undefined || facts.deviceId === undefined) return facts;
    const known = this.#merged.freshestOfDevice(facts.deviceId);
    return known?.instanceId === undefined ? facts : { ...facts, instanceId: known.instanceId };
  }
}
