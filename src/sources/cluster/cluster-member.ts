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
import {
  type ClusterCounts,
  type ClusterGateway,
  type ClusterStatus,
  clusterGatewayStates,
} from './cluster-status.ts';
import { CollisionWatch, type JoinOutcome, type Machine } from './collision-watch.ts';
import type { Engine, EngineTime, Publication, Snapshot } from './engine.ts';
import { type Finding, MemberAudit } from './member-audit.ts';
import { MemberDirectory } from './member-directory.ts';
import { memberProblem } from './member-problem.ts';
import type { MemberRecord } from './member-record.ts';
import { Outage } from './outage.ts';
import { lostRegisters, staleRegisters } from './own-repair.ts';
import { Publisher, partSize } from './publisher.ts';
import { RowIntake } from './row-intake.ts';
import { annotationContributions, type SharedAnnotations, splitAnnotations } from './shared-annotations.ts';

/** What a member works with. */
export interface ClusterMemberOptions {
  readonly engine: Engine;
  /** Name of the cluster. */
  readonly name: string;
  readonly roster: PresenceRoster;
  /** What operators say of machines; default nothing is shared (PO5). */
  readonly annotations?: SharedAnnotations;
  /** Changes the roster and tells viewers. */
  readonly replicate: (change: (now: Instant) => readonly Change[]) => void;
  /** Writes the gateway's own row anew. */
  readonly renewSelf: () => void;
  readonly clock: ClusterClock;
  readonly delay: DelayTimers;
  readonly machine: Machine;
  /** At most one publication in this time, milliseconds. */
  readonly replicateMs: number;
  /** Who is silent for longer cannot be reached, milliseconds; a sign of life is given three times in it. */
  readonly leaseMs: number;
  /** How long members are remembered, milliseconds. */
  readonly retainMs: number;
  /** The own row is renewed this often, milliseconds. */
  readonly renewalMs: number;
  readonly logger: Logger;
}

/**
 * A gateway's part in a cluster: says what changed here, hears what changed elsewhere, and knows who is there.
 *
 * The engine may go and come at any time. Without it the gateway goes on with what it knows; with it, it takes a
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
  readonly #audit: MemberAudit;
  readonly #intake: RowIntake;
  /** Own registers that the engine lost, by key, until they are sent again. */
  #repairs = new Map<string, Contribution>();
  /** Registers that the engine had lost when it was last looked at. */
  #lost = { rows: 0, sinceMs: 0 };
  readonly #asks = new Set<MemberId>();
  #isAsked = false;
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
    const outbox = { take: () => this.#outgoing(), record: () => this.#record('live') };
    this.#publisher = new Publisher({
      ...{ outbox, delay, clock, replicateMs, counts: this.counts },
      publish: (publication) => this.#publish(publication),
      beaten: ({ asOf }) => {
        this.#recordStored?.();
        void this.#compare(asOf);
      },
    });
    const beatMs = leaseMs / 3;
    this.#audit = new MemberAudit({ beatMs, holdings: (memberId) => roster.holdings(memberId) });
    this.#intake = new RowIntake(options.logger);
    this.#collisions = new CollisionWatch({ ...options, memberId: options.roster.memberId });
    const { monoMs, wallMs } = clock.now();
    this.#outage = new Outage(engine.kind, wallMs, options.logger);
    this.#renewedMonoMs = monoMs;
  }

  /**
   * Starts, and waits until the engine was heard, nobody else has this gateway's id and the engine holds its own record, or
   * for `limitMs`: who starts after that finds it.
   *
   * @returns `joined`; `alone` when the engine could not be reached, which may change at any time; `taken` when another
   * live gateway has the same id.
   */
  async join(limitMs: number): Promise<JoinOutcome> {
    this.#options.engine.start({
      snapshot: (snapshot, time) => this.#onSnapshot(snapshot, time),
      message: (publication) => this.#onMessage(publication),
      lost: (reason) => this.#onLost(reason),
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
    const { roster, annotations } = this.#options;
    if (!roster.hasContributions && annotations?.hasOutgoing !== true) return;
    if (this.#outage.isUsable) this.#publisher.wake();
    else this.#outgoing();
  }

  /** How far the clock of this machine is ahead of the cluster's, milliseconds; `undefined` before it is known. */
  machineAheadMs(): number | undefined {
    return this.#options.clock.machineAheadMs();
  }

  status(): ClusterStatus {
    const { engine, name, roster, machine } = this.#options;
    const self: ClusterGateway = {
      id: gatewayIdOf(roster.memberId),
      host: machine.host,
      state: 'live',
      self: true,
    };
    return {
      name,
      engine: engine.kind,
      ...this.#outage.shown,
      ...this.#repairing(),
      gateways: [self, ...this.#others(self.id)],
    };
  }

  /** Says goodbye and disconnects: the others know that the connections here are closed. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTick?.();
    this.#publisher.close();
    if (this.#outage.isUsable && this.#collisions.isSettled) {
      const contributions = this.#outgoing();
      await this.#publisher.say(contributions, this.#record('left')).catch(() => {});
    }
    await this.#options.engine.close();
  }

  #onSnapshot({ records, contributions, unreadable = [] }: Snapshot, time: EngineTime): void {
    const { clock, replicate, roster } = this.#options;
    this.#learn(time);
    this.counts.snapshots += 1;
    this.#outage.pictured(records.length);
    const others = records.filter(({ memberId }) => memberId !== roster.memberId);
    this.#startedAtMs ||= this.#startAfter(others);
    // Rows first follow the clock of the cluster, which may be far from the machine's.
    replicate((now) => roster.sweep(now));
    for (const record of others) this.#directory.hear(record, clock.now(), true);
    this.#collisions.pictured(others);
    for (const { memberId } of others) this.#audit.begin(memberId);
    const isOwn = ({ memberId, stamp }: Contribution): boolean =>
      memberId === roster.memberId && stamp.memberId === memberId;
    this.#take(
      contributions.filter((contribution) => !isOwn(contribution)),
      unreadable,
    );
    for (const record of others) this.#check(record, true);
    this.#applyStatuses();
    // Who ended, or cannot be reached, cannot be asked.
    for (const { memberId } of others) if (!this.#directory.isLive(memberId)) this.#audit.forget(memberId);
    if (this.#collisions.isSettled) this.#announce(contributions);
    else this.#stored = contributions;
  }

  /** Own registers that the engine held when this gateway had not decided to join yet. */
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

  /** Takes what an engine handed over, but what cannot be used. */
  #take(contributions: readonly Contribution[], unreadable: readonly MemberId[] = []): void {
    const { clock, roster, replicate, annotations } = this.#options;
    const now = clock.now();
    this.counts.contributionsReceived += contributions.length;
    const { rows, records } = splitAnnotations(contributions);
    const taken = this.#intake.take(rows, roster.latestPossibleMs(now), now.monoMs);
    this.#intake.unreadable(unreadable, now.monoMs);
    this.counts.refused = this.#intake.total;
    this.#audit.note(taken.usable, taken.refused);
    if (taken.usable.length > 0) replicate((at) => roster.receive(taken.usable, at));
    if (records.length > 0) annotations?.receive(records);
  }

  /** Compares what a member says it has with what is known of it, and asks for everything when something was lost. */
  #check(record: MemberRecord, isPicture = false): void {
    const finding: Finding = this.#audit.check(record, this.#options.clock.now(), isPicture);
    if (finding.kind === 'whole') {
      const { contributions, others } = finding.whole;
      const { memberId, asOf } = record;
      this.#options.replicate((now) =>
        this.#options.roster.receiveAll(memberId, contributions, asOf, now, others),
      );
    }
    if (finding.kind !== 'ask' || record.state === 'left') return;
    this.#asks.add(record.memberId);
    this.#publisher.beat();
  }

  #announce(stored: readonly Contribution[] = this.#stored): void {
    if (!this.#outage.isUsable) return;
    const { roster, clock } = this.#options;
    this.#stored = [];
    this.#beatMonoMs = clock.now().monoMs;
    this.#options.renewSelf();
    roster.takeContributions();
    this.#isAsked = false;
    this.#repairs.clear();
    const retracted = roster.retract(stored, clock.now());
    const said = annotationContributions(this.#options.annotations?.everything() ?? []);
    this.#publisher.announce([...roster.everything(), ...retracted, ...said]);
  }

  #onMessage({ contributions, unreadable, record }: Publication): void {
    const { roster, clock } = this.#options;
    this.#take(
      contributions.filter(({ stamp }) => stamp.memberId !== roster.memberId),
      unreadable,
    );
    if (record === undefined || record.memberId === roster.memberId) return;
    if (!this.#directory.hear(record, clock.now())) return;
    this.#collisions.heard(record);
    this.#check(record);
    if (record.asks?.includes(roster.memberId) === true) this.#isAsked = true;
    this.#applyStatuses();
  }

  #onLost(reason: string): void {
    if (this.#outage.failed(this.#options.clock.now().wallMs, reason)) this.counts.losses += 1;
    this.#publisher.pause();
  }

  async #publish(publication: Publication): Promise<void> {
    await this.#options.engine.publish(publication);
    this.#outage.ended(this.#options.clock.now().wallMs);
  }

  /** What changed, and what the engine lost of what is still so. */
  #outgoing(): readonly Contribution[] {
    const { roster, annotations } = this.#options;
    const rows = roster.takeContributions();
    const records = annotations?.hasOutgoing === true ? annotations.takeOutgoing() : [];
    const news = records.length === 0 ? rows : [...rows, ...annotationContributions(records)];
    if (this.#repairs.size === 0) return news;
    for (const { key } of news) this.#repairs.delete(key);
    const repairs = [...this.#repairs.values()];
    this.#repairs = new Map();
    return [...repairs, ...news];
  }

  /** Looks whether the engine holds what this member told it, and tells it again what it lost (PC12). */
  async #compare(asOf: Stamp): Promise<void> {
    const { engine, roster, clock } = this.#options;
    // It may be lost meanwhile, and says so itself.
    const stored = await engine.stored(roster.memberId).catch(() => undefined);
    if (stored === undefined || this.#isClosed || !this.#outage.isUsable) return;
    const own = roster.everything();
    const lost = lostRegisters(own, stored, asOf);
    const stale = roster.retract(staleRegisters(own, stored, asOf), clock.now());
    const sinceMs = this.#lost.rows === 0 ? Math.round(clock.now().wallMs) : this.#lost.sinceMs;
    this.#lost = { rows: lost.length + stale.length, sinceMs };
    if (this.#lost.rows === 0) return;
    this.counts.repairs += this.#lost.rows;
    this.#options.logger.warn(
      { engine: engine.kind, lost: lost.length, stale: stale.length },
      'the cluster engine lost rows of this gateway; they are published again',
    );
    if (this.#lost.rows > partSize) return this.#announce(stale);
    for (const contribution of [...lost, ...stale]) this.#repairs.set(contribution.key, contribution);
    this.#publisher.wake();
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
    // Somebody lost something on the way: everything, at most once per sign of life.
    if (this.#isAsked) this.#announce();
    else this.#publisher.beat();
    engine.time().then(
      (time) => clock.learn(time),
      // The engine says itself that it is lost.
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
      else this.#audit.forget(memberId);
    }
  }

  #record(state: MemberRecord['state']): MemberRecord {
    const { roster, machine, clock } = this.#options;
    const saidAtMs = Math.max(0, Math.round(clock.now().wallMs));
    const { memberId } = roster;
    this.#sequence += 1;
    const asks = [...this.#asks];
    this.#asks.clear();
    const { place, ...process } = machine;
    return {
      ...{ memberId, ...process, startedAtMs: this.#startedAtMs, saidAtMs, state, asOf: roster.latestStamp },
      ...{ sequence: this.#sequence, holds: roster.holdings(memberId) },
      ...(asks.length > 0 && { asks }),
      ...(place !== undefined && { place }),
    };
  }

  /** What is being repaired, with numbers; nothing while all is well. */
  #repairing(): Pick<ClusterStatus, 'repairing'> {
    const { rows, gateways, sinceMonoMs } = this.#audit.open;
    if (this.#lost.rows === 0 && gateways === 0) return {};
    const { wallMs, monoMs } = this.#options.clock.now();
    const sinces = [
      ...(this.#lost.rows > 0 ? [this.#lost.sinceMs] : []),
      ...(gateways > 0 ? [Math.round(wallMs - monoMs + sinceMonoMs)] : []),
    ];
    const sinceMs = Math.min(...sinces);
    return { repairing: { rowsLost: this.#lost.rows, rowsMissing: rows, gateways, sinceMs } };
  }

  /** One line per gateway: the run that matters most. */
  #others(selfId: string): readonly ClusterGateway[] {
    const gateways = new Map<string, ClusterGateway & { readonly startedAtMs: number }>();
    for (const { record, status } of this.#directory.all()) {
      const id = gatewayIdOf(record.memberId);
      const { host, startedAtMs } = record;
      if (id === selfId || (gateways.get(id)?.startedAtMs ?? -1) > startedAtMs) continue;
      const since = status.kind === 'up' ? {} : { sinceMs: status.sinceMs };
      const problem = this.#problemOf(record);
      gateways.set(id, {
        id,
        host,
        state: clusterGatewayStates[status.kind],
        ...since,
        ...problem,
        startedAtMs,
      });
    }
    return [...gateways.values()].map(({ startedAtMs: _, ...gateway }) => gateway);
  }

  #problemOf({ memberId, host }: MemberRecord): Pick<ClusterGateway, 'refusedRows' | 'problem'> {
    const refusals = this.#intake.of(memberId);
    const isTwin = this.#directory.twins(gatewayIdOf(memberId)).length > 0;
    const { monoMs } = this.#options.clock.now();
    const isRecent = refusals !== undefined && monoMs - refusals.lastMonoMs <= this.#options.leaseMs;
    const problem = memberProblem(host, isTwin, isRecent ? refusals.code : undefined);
    return {
      ...(refusals !== undefined && { refusedRows: refusals.rows }),
      ...(problem !== undefined && { problem }),
    };
  }
}
