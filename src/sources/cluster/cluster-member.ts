import type { DelayTimers, Logger } from '../../core/index.ts';
import {
  type Change,
  type Contribution,
  gatewayIdOf,
  type Instant,
  type PresenceRoster,
} from '../../core/index.ts';
import type { ClusterClock } from './cluster-clock.ts';
import type { ClusterCounts, ClusterGateway, ClusterStatus } from './cluster-status.ts';
import { CollisionWatch, type JoinOutcome } from './collision-watch.ts';
import type { Engine, EngineTime, Picture, Publication } from './engine.ts';
import { MemberDirectory } from './member-directory.ts';
import type { MemberRecord } from './member-record.ts';
import { Outage } from './outage.ts';
import { Publisher } from './publisher.ts';

/** What a member works with. */
export interface ClusterMemberOptions {
  readonly engine: Engine;
  /** Name of the cluster. */
  readonly name: string;
  readonly roster: PresenceRoster;
  /** Changes the roster and tells viewers. */
  readonly replicate: (change: (now: Instant) => readonly Change[]) => void;
  /** Writes the gateway's own row anew. */
  readonly renewSelf: () => void;
  readonly clock: ClusterClock;
  readonly delay: DelayTimers;
  /** Name and process of this machine. */
  readonly machine: { readonly host: string; readonly pid: number };
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
 * picture and announces everything.
 */
export class ClusterMember {
  readonly counts: ClusterCounts = {
    publications: 0,
    contributionsSent: 0,
    contributionsReceived: 0,
    pictures: 0,
    losses: 0,
  };
  readonly #options: ClusterMemberOptions;
  readonly #directory: MemberDirectory;
  readonly #publisher: Publisher;
  readonly #collisions: CollisionWatch;
  readonly #outage: Outage;
  #startedAtMs = 0;
  #beatMonoMs = Number.NEGATIVE_INFINITY;
  #renewedMonoMs: number;
  #cancelTick: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ClusterMemberOptions) {
    this.#options = options;
    this.#directory = new MemberDirectory(options);
    const { engine, delay, clock, replicateMs } = options;
    const publish = (publication: Publication) => engine.publish(publication);
    const outbox = { take: () => options.roster.takeContributions(), record: () => this.#record('live') };
    this.#publisher = new Publisher({ publish, outbox, delay, clock, replicateMs, counts: this.counts });
    this.#collisions = new CollisionWatch({ ...options, memberId: options.roster.memberId });
    const { monoMs, wallMs } = clock.now();
    this.#outage = new Outage(engine.kind, wallMs, options.logger);
    this.#renewedMonoMs = monoMs;
  }

  /**
   * Starts, and waits until the engine was heard and nobody else has this gateway's id, or for `limitMs`.
   *
   * @returns `joined`; `alone` when the engine could not be reached, which may change at any time; `taken` when another
   * live gateway has the same id.
   */
  async join(limitMs: number): Promise<JoinOutcome> {
    this.#options.engine.start({
      picture: (picture, time) => this.#onPicture(picture, time),
      said: (publication) => this.#onSaid(publication),
      lost: (reason) => this.#onLost(reason),
    });
    this.#tick();
    const outcome = await this.#collisions.outcome(limitMs);
    if (outcome.kind === 'joined') this.#announce();
    return outcome;
  }

  /** The roster changed; what came from other members leaves nothing to publish. */
  changed(): void {
    if (!this.#options.roster.hasContributions) return;
    if (this.#outage.isUp) this.#publisher.wake();
    else this.#options.roster.takeContributions();
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
      gateways: [self, ...this.#others(self.id)],
    };
  }

  /** Says goodbye and disconnects: the others know that the connections here are closed. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTick?.();
    this.#publisher.close();
    if (this.#outage.isUp && this.#collisions.isSettled) {
      await this.#publisher
        .say(this.#options.roster.takeContributions(), this.#record('left'))
        .catch(() => {});
    }
    await this.#options.engine.close();
  }

  #onPicture({ records, contributions }: Picture, time: EngineTime): void {
    const { clock, replicate, roster } = this.#options;
    clock.learn(time);
    this.counts.pictures += 1;
    this.counts.contributionsReceived += contributions.length;
    this.#outage.ended(clock.now().wallMs, records.length);
    this.#startedAtMs ||= Math.round(clock.now().wallMs);
    const others = records.filter(({ memberId }) => memberId !== roster.memberId);
    // Rows first follow the clock of the cluster, which may be far from the machine's.
    replicate((now) => roster.sweep(now));
    for (const record of others) this.#directory.hear(record, clock.now());
    this.#collisions.pictured(others);
    replicate((now) => this.#take(others, contributions, now));
    this.#applyStandings();
    if (this.#collisions.isSettled) this.#announce(contributions);
    else this.#stored = contributions;
  }

  /** Own registers that the engine held when this gateway had not decided to join yet. */
  #stored: readonly Contribution[] = [];

  #take(
    records: readonly MemberRecord[],
    contributions: readonly Contribution[],
    now: Instant,
  ): readonly Change[] {
    const { roster } = this.#options;
    const changes = records.flatMap(({ memberId, asOf }) => {
      const own = contributions.filter((contribution) => contribution.memberId === memberId);
      // Every gateway states its own row: without it this is not all, and nobody may be missed.
      const isWhole = own.some(({ view }) => view?.self === true);
      return isWhole ? roster.receiveAll(memberId, own, asOf, now) : roster.receive(own, now);
    });
    const known = new Set(records.map(({ memberId }) => memberId));
    const rest = contributions.filter(({ memberId, stamp }) =>
      memberId === roster.memberId ? stamp.memberId !== memberId : !known.has(memberId),
    );
    return [...changes, ...roster.receive(rest, now)];
  }

  #announce(stored: readonly Contribution[] = this.#stored): void {
    if (!this.#outage.isUp) return;
    const { roster, clock } = this.#options;
    this.#stored = [];
    this.#beatMonoMs = clock.now().monoMs;
    this.#options.renewSelf();
    roster.takeContributions();
    const retracted = roster.retract(stored, clock.now());
    this.#publisher.announce([...roster.everything(), ...retracted]);
  }

  #onSaid({ contributions, record }: Publication): void {
    const { roster, clock, replicate } = this.#options;
    const news = contributions.filter(({ stamp }) => stamp.memberId !== roster.memberId);
    this.counts.contributionsReceived += news.length;
    if (news.length > 0) replicate((now) => roster.receive(news, now));
    if (record === undefined || record.memberId === roster.memberId) return;
    this.#directory.hear(record, clock.now());
    this.#collisions.heard(record);
    this.#applyStandings();
  }

  #onLost(reason: string): void {
    if (this.#outage.failed(this.#options.clock.now().wallMs, reason)) this.counts.losses += 1;
    this.#publisher.pause();
  }

  #tick(): void {
    if (this.#isClosed) return;
    const { clock, delay, leaseMs, renewalMs } = this.#options;
    const { monoMs } = clock.now();
    this.#applyStandings();
    if (monoMs - this.#renewedMonoMs >= renewalMs) {
      this.#renewedMonoMs = monoMs;
      this.#options.renewSelf();
    }
    if (this.#outage.isUp && this.#collisions.isSettled && monoMs - this.#beatMonoMs >= leaseMs / 3)
      this.#beat(monoMs);
    this.#cancelTick = delay.after(Math.ceil(leaseMs / 12), () => this.#tick());
  }

  #beat(monoMs: number): void {
    const { engine, clock } = this.#options;
    this.#beatMonoMs = monoMs;
    this.#publisher.beat();
    engine.time().then(
      (time) => clock.learn(time),
      // The engine says itself that it is lost.
      () => {},
    );
  }

  #applyStandings(): void {
    const { clock, replicate, roster, logger } = this.#options;
    for (const { memberId, standing } of this.#directory.changes(clock.now())) {
      logger.info(
        { gateway: gatewayIdOf(memberId), state: standing.kind },
        'a gateway of the cluster changed',
      );
      replicate((now) => roster.setStanding(memberId, standing, now));
    }
  }

  #record(state: MemberRecord['state']): MemberRecord {
    const { roster, machine, clock } = this.#options;
    const saidAtMs = Math.max(0, Math.round(clock.now().wallMs));
    const startedAtMs = this.#startedAtMs;
    return { memberId: roster.memberId, ...machine, startedAtMs, saidAtMs, state, asOf: roster.latestStamp };
  }

  /** One line per gateway: the run that matters most. */
  #others(selfId: string): readonly ClusterGateway[] {
    const gateways = new Map<string, ClusterGateway & { readonly startedAtMs: number }>();
    for (const { record, standing } of this.#directory.all()) {
      const id = gatewayIdOf(record.memberId);
      const { host, startedAtMs } = record;
      if (id === selfId || (gateways.get(id)?.startedAtMs ?? -1) > startedAtMs) continue;
      const since = standing.kind === 'live' ? {} : { sinceMs: standing.sinceMs };
      gateways.set(id, { id, host, state: standing.kind, ...since, startedAtMs });
    }
    return [...gateways.values()].map(({ startedAtMs: _, ...gateway }) => gateway);
  }
}
