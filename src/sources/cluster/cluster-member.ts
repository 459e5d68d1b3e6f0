import type { DelayTimers, Logger } from '../../core/index.ts';
import {
  type Change,
  type Contribution,
  gatewayIdOf,
  type Instant,
  type MemberId,
  type PresenceRoster,
  type Stamp,
} from '../../core/index.ts';
import type { ClusterClock } from './cluster-clock.ts';
import { type ClusterCounts, type ClusterStatus, clusterGatewayStates } from './cluster-status.ts';
import { CollisionWatch, type JoinOutcome, type Machine } from './collision-watch.ts';
import type { Engine, EngineTime, Publication, Snapshot } from './engine.ts';
import { MemberDirectory } from './member-directory.ts';
import { MemberIntake } from './member-intake.ts';
import type { MemberRecord } from './member-record.ts';
import { gatewaysOf, type ReportParts, repairingOf } from './member-report.ts';
import { Outage } from './outage.ts';
import { Outbox } from './outbox.ts';
import { Publisher } from './publisher.ts';
import type { SharedAnnotations } from './shared-annotations.ts';

/** What a member depends on. */
export interface ClusterMemberOptions {
  readonly engine: Engine;
  /** Name of the cluster. */
  readonly name: string;
  readonly roster: PresenceRoster;
  /** Annotations of operators; default nothing is shared (PO5). */
  readonly annotations?: SharedAnnotations;
  /** Changes the roster and notifies viewers. */
  readonly replicate: (change: (now: Instant) => readonly Change[]) => void;
  /** Renews the gateway's own row. */
  readonly renewSelf: () => void;
  readonly clock: ClusterClock;
  readonly delay: DelayTimers;
  readonly machine: Machine;
  /** At most one publication in this time, milliseconds. */
  readonly replicateMs: number;
  /** A member without a heartbeat for longer is unreachable, milliseconds; heartbeats are sent three times as often. */
  readonly leaseMs: number;
  /** How long members are kept after their last heartbeat, milliseconds. */
  readonly retainMs: number;
  /** The own row is renewed this often, milliseconds. */
  readonly renewalMs: number;
  readonly logger: Logger;
}

/**
 * A gateway's part in a cluster: publishes what changed here, receives what changed elsewhere, and tracks the other members.
 *
 * The engine may be lost and return at any time. Without it the gateway continues with what it has; with it, it takes a
 * snapshot and announces everything.
 */
export class ClusterMember {
  readonly counts: ClusterCounts = {
    publications: 0,
    contributionsSent: 0,
    contributionsReceived: 0,
    snapshots: 0,
    losses: 0,
    repairs: 0,
    refused: 0,
  };
  readonly #options: ClusterMemberOptions;
  readonly #directory: MemberDirectory;
  readonly #publisher: Publisher;
  readonly #collisions: CollisionWatch;
  readonly #outage: Outage;
  readonly #intake: MemberIntake;
  readonly #outbox: Outbox;
  readonly #report: ReportParts;
  readonly #resyncRequests = new Set<MemberId>();
  #isResyncRequested = false;
  #sequence = 0;
  #startedAtMs = 0;
  #beatMonoMs = Number.NEGATIVE_INFINITY;
  #renewedMonoMs: number;
  #cancelTick: (() => void) | undefined;
  #recordStored: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ClusterMemberOptions) {
    this.#options = options;
    this.#directory = new MemberDirectory({ ...options, self: () => this.#self() });
    const { engine, delay, clock, replicateMs, roster, leaseMs } = options;
    const { counts } = this;
    this.#outbox = new Outbox({ ...options, counts });
    this.#intake = new MemberIntake({ ...options, counts, beatMs: leaseMs / 3 });
    const outbox = { take: () => this.#outbox.take(), record: () => this.#record('live') };
    this.#publisher = new Publisher({
      ...{ outbox, delay, clock, replicateMs, counts },
      publish: (publication) => this.#publish(publication),
      beaten: ({ asOf }) => {
        this.#recordStored?.();
        void this.#compare(asOf);
      },
    });
    this.#collisions = new CollisionWatch({ ...options, memberId: roster.memberId });
    this.#report = {
      ...{ memberId: roster.memberId, host: options.machine.host, leaseMs },
      ...{ directory: this.#directory, intake: this.#intake, outbox: this.#outbox },
    };
    const { monoMs, wallMs } = clock.now();
    this.#outage = new Outage(engine.kind, wallMs, options.logger);
    this.#renewedMonoMs = monoMs;
  }

  /**
   * Starts, and waits for the first snapshot of the engine, until no other gateway has this id and the engine holds the own record, or
   * for `limitMs`: gateways that start later find the record.
   *
   * @returns `joined`; `alone` when the engine could not be reached, which may change at any time; `taken` when another
   * live gateway has the same id.
   */
  async join(limitMs: number): Promise<JoinOutcome> {
    this.#options.engine.start({
      snapshot: (snapshot, time) => this.#onSnapshot(snapshot, time),
      message: (publication) => this.#onMessage(publication),
      disconnected: (reason) => this.#onDisconnected(reason),
    });
    this.#tick();
    const outcome = await this.#collisions.outcome(limitMs);
    if (outcome.kind !== 'joined') return outcome;
    const recorded = new Promise<void>((resolve) => {
      this.#recordStored = resolve;
      this.#options.delay.after(limitMs, resolve);
    });
    this.#announce();
    await recorded;
    return outcome;
  }

  /** The roster changed; what came from other members leaves nothing to publish. */
  changed(): void {
    if (!this.#outbox.hasNews) return;
    if (this.#outage.isUsable) this.#publisher.wake();
    else this.#outbox.take();
  }

  /** How far the clock of this machine is ahead of the cluster's, milliseconds; `undefined` before it is known. */
  machineAheadMs(): number | undefined {
    return this.#options.clock.machineAheadMs();
  }

  status(): ClusterStatus {
    const { engine, name, clock } = this.#options;
    const now = clock.now();
    const repairing = repairingOf(this.#report, now);
    return {
      name,
      engine: engine.kind,
      ...this.#outage.shown,
      ...(repairing !== undefined && { repairing }),
      gateways: gatewaysOf(this.#report, now),
    };
  }

  /** Publishes that it leaves and disconnects: the others list the connections here as closed. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTick?.();
    this.#publisher.close();
    if (this.#outage.isUsable && this.#collisions.isSettled) {
      await this.#publisher.say(this.#outbox.take(), this.#record('left')).catch(() => {});
    }
    await this.#options.engine.close();
  }

  #onSnapshot({ records, contributions, unreadable = [] }: Snapshot, time: EngineTime): void {
    const { clock, replicate, roster } = this.#options;
    this.#learn(time);
    this.counts.snapshots += 1;
    this.#outage.wasRead(records.length);
    const others = records.filter(({ memberId }) => memberId !== roster.memberId);
    this.#startedAtMs ||= this.#startAfter(others);
    // Rows first follow the clock of the cluster, which may be far from the machine's.
    replicate((now) => roster.sweep(now));
    for (const record of others) this.#directory.receive(record, clock.now(), true);
    this.#collisions.onSnapshot(others);
    for (const { memberId } of others) this.#intake.begin(memberId);
    const isOwn = ({ memberId, stamp }: Contribution): boolean =>
      memberId === roster.memberId && stamp.memberId === memberId;
    this.#intake.take(
      contributions.filter((contribution) => !isOwn(contribution)),
      unreadable,
    );
    for (const record of others) this.#check(record, true);
    this.#applyStatuses();
    // A member that ended or is unreachable cannot answer.
    for (const { memberId } of others) if (!this.#directory.isLive(memberId)) this.#intake.forget(memberId);
    if (this.#collisions.isSettled) this.#announce(contributions);
    else this.#stored = contributions;
  }

  /** Own registers in the engine before this gateway had joined. */
  #stored: readonly Contribution[] = [];

  /** Later than all earlier runs of this gateway, also when the clock was set back since. */
  #startAfter(others: readonly MemberRecord[]): number {
    const { clock, roster } = this.#options;
    const latestMs = roster.latestPossibleMs(clock.now());
    const runs = others.filter(
      ({ memberId, startedAtMs }) =>
        gatewayIdOf(memberId) === gatewayIdOf(roster.memberId) && startedAtMs < latestMs,
    );
    return Math.max(Math.round(clock.now().wallMs), ...runs.map(({ startedAtMs }) => startedAtMs + 1));
  }

  #self(): Pick<MemberRecord, 'memberId' | 'startedAtMs'> | undefined {
    if (!this.#collisions.isSettled || this.#startedAtMs === 0) return undefined;
    return { memberId: this.#options.roster.memberId, startedAtMs: this.#startedAtMs };
  }

  #learn(time: EngineTime): void {
    const { clock, replicate, roster } = this.#options;
    const isFirst = !clock.isSynchronized;
    clock.learn(time);
    if (isFirst) replicate((now) => roster.restamp(now));
  }

  /** Compares a member's digest with its rows here, and requests everything when something was lost. */
  #check(record: MemberRecord, isSnapshot = false): void {
    if (!this.#intake.check(record, isSnapshot)) return;
    this.#resyncRequests.add(record.memberId);
    this.#publisher.beat();
  }

  #announce(stored: readonly Contribution[] = this.#stored): void {
    if (!this.#outage.isUsable) return;
    this.#stored = [];
    this.#beatMonoMs = this.#options.clock.now().monoMs;
    this.#options.renewSelf();
    this.#isResyncRequested = false;
    this.#publisher.announce(this.#outbox.everything(stored));
  }

  #onMessage({ contributions, unreadable, record }: Publication): void {
    const { roster, clock } = this.#options;
    this.#intake.take(
      contributions.filter(({ stamp }) => stamp.memberId !== roster.memberId),
      unreadable,
    );
    if (record === undefined || record.memberId === roster.memberId) return;
    if (!this.#directory.receive(record, clock.now())) return;
    this.#collisions.signOfLife(record);
    this.#check(record);
    if (record.asks?.includes(roster.memberId) === true) this.#isResyncRequested = true;
    this.#applyStatuses();
  }

  #onDisconnected(reason: string): void {
    if (this.#outage.failed(this.#options.clock.now().wallMs, reason)) this.counts.losses += 1;
    this.#publisher.pause();
  }

  async #publish(publication: Publication): Promise<void> {
    await this.#options.engine.publish(publication);
    this.#outage.ended(this.#options.clock.now().wallMs);
  }

  /** Checks whether the engine holds what this member published, and publishes again what it lost (PC12). */
  async #compare(asOf: Stamp): Promise<void> {
    const isUsable = (): boolean => !this.#isClosed && this.#outage.isUsable;
    const comparison = await this.#outbox.compare(asOf, isUsable);
    if (comparison.kind === 'much') this.#announce(comparison.stale);
    if (comparison.kind === 'some') this.#publisher.wake();
  }

  #tick(): void {
    if (this.#isClosed) return;
    const { clock, delay, leaseMs, renewalMs } = this.#options;
    const { monoMs } = clock.now();
    this.#applyStatuses();
    if (monoMs - this.#renewedMonoMs >= renewalMs) {
      this.#renewedMonoMs = monoMs;
      this.#options.renewSelf();
    }
    const isDue = monoMs - this.#beatMonoMs >= leaseMs / 3;
    if (this.#outage.isUsable && this.#collisions.isSettled && isDue) this.#beat(monoMs);
    this.#cancelTick = delay.after(Math.ceil(leaseMs / 12), () => this.#tick());
  }

  #beat(monoMs: number): void {
    const { engine, clock } = this.#options;
    this.#beatMonoMs = monoMs;
    // A member lost something in transit: everything is announced, at most once per heartbeat.
    if (this.#isResyncRequested) this.#announce();
    else this.#publisher.beat();
    engine.time().then(
      (time) => clock.learn(time),
      // The engine reports by itself that it is disconnected.
      () => {},
    );
  }

  #applyStatuses(): void {
    const { clock, replicate, roster, logger } = this.#options;
    for (const { memberId, status } of this.#directory.changes(clock.now())) {
      logger.info(
        { gateway: gatewayIdOf(memberId), state: clusterGatewayStates[status.kind] },
        'a gateway of the cluster changed',
      );
      replicate((now) => roster.setClusterStatus(memberId, status, now));
      if (status.kind === 'up') this.#options.annotations?.repeat();
      else this.#intake.forget(memberId);
    }
  }

  #record(state: MemberRecord['state']): MemberRecord {
    const { roster, machine, clock } = this.#options;
    const saidAtMs = Math.max(0, Math.round(clock.now().wallMs));
    const { memberId } = roster;
    this.#sequence += 1;
    const asks = [...this.#resyncRequests];
    this.#resyncRequests.clear();
    const { place, ...process } = machine;
    return {
      ...{ memberId, ...process, startedAtMs: this.#startedAtMs, saidAtMs, state, asOf: roster.latestStamp },
      ...{ sequence: this.#sequence, holds: roster.holdings(memberId) },
      ...(asks.length > 0 && { asks }),
      ...(place !== undefined && { place }),
    };
  }
}
