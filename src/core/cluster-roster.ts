import type { Change } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { Facts, InstanceView } from './entry.ts';
import type { Instant } from './instant.ts';
import { MergedRoster } from './merged-roster.ts';
import { createRoster, type Outcome, type Roster, type Target } from './roster.ts';
import { type RosterOptions, rosterRules } from './roster-options.ts';
import type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';

/**
 * A roster that is one of several in a cluster: it is written like any other, and shows what all gateways say.
 *
 * {@link takeContributions} is what the others must be told; {@link receive} and its kin take what they say.
 */
export class ClusterRoster implements Roster {
  readonly maxEntries: number;
  readonly #local: Roster;
  readonly #merged: MergedRoster;
  #outbox = new Map<string, Contribution>();

  constructor(options: RosterOptions & { readonly gatewayId: string }) {
    const { ttlMs, maxEntries } = rosterRules(options);
    this.maxEntries = maxEntries;
    this.#local = createRoster(options);
    this.#merged = new MergedRoster({ gatewayId: options.gatewayId, ttlMs, maxEntries });
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

  setSelf(facts: Facts, now: Instant): readonly Change[] {
    return this.#say(this.#local.setSelf(facts, now), now);
  }

  connect(update: ConnectUpdate, now: Instant): Outcome {
    const facts = this.#identified(update.facts);
    return this.#said(this.#local.connect({ ...update, facts }, now), now);
  }

  disconnect(connectionId: string, now: Instant): readonly Change[] {
    return this.#say(this.#local.disconnect(connectionId, now), now);
  }

  beacon(update: BeaconUpdate, now: Instant): Outcome {
    const facts = this.#identified(update.facts);
    return this.#said(this.#local.beacon({ ...update, facts }, now), now);
  }

  activity(update: ActivityUpdate, now: Instant): Outcome {
    return this.#said(this.#local.activity(update, now), now);
  }

  renew(connectionId: string, rttMs: number | undefined, now: Instant): readonly Change[] {
    return this.#say(this.#local.renew(connectionId, rttMs, now), now);
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

  target(update: BeaconUpdate): Target | { readonly refusal: Refusal } {
    return this.#local.target({ ...update, facts: this.#identified(update.facts) });
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

  /** What the other gateways must be told since the last time: the latest of each register. */
  takeContributions(): readonly Contribution[] {
    const contributions = [...this.#outbox.values()];
    this.#outbox = new Map();
    return contributions;
  }

  /** Everything that this gateway says. */
  everything(): readonly Contribution[] {
    return this.#merged.everything();
  }

  /** Other gateways said something, in any order. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    return this.#merged.receive(contributions, now);
  }

  /** One gateway said everything that it has. */
  receiveAll(gatewayId: string, contributions: readonly Contribution[], now: Instant): readonly Change[] {
    return this.#merged.receiveAll(gatewayId, contributions, now);
  }

  /** A gateway cannot be reached since a moment of the wall clock, or can again. */
  setUnreachable(gatewayId: string, sinceMs: number | undefined, now: Instant): readonly Change[] {
    return this.#merged.setUnreachable(gatewayId, sinceMs, now);
  }

  #said(outcome: Outcome, now: Instant): Outcome {
    return 'changes' in outcome ? { changes: this.#say(outcome.changes, now) } : outcome;
  }

  #say(local: readonly Change[], now: Instant): readonly Change[] {
    if (local.length === 0) return local;
    const { changes, contributions } = this.#merged.say(local, now);
    for (const contribution of contributions) {
      this.#outbox.set(`${contribution.gatewayId} ${contribution.key}`, contribution);
    }
    return changes;
  }

  /** An update with a device id alone is about the freshest instance of the device, at whichever gateway (PK4). */
  #identified(facts: Facts): Facts {
    if (facts.instanceId !== undefined || facts.deviceId === undefined) return facts;
    const known = this.#merged.freshestOfDevice(facts.deviceId);
    return known?.instanceId === undefined ? facts : { ...facts, instanceId: known.instanceId };
  }
}
