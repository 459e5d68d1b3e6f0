import type { Change, Contribution, Instant, Logger, MemberId, PresenceRoster } from '../../core/index.ts';
import type { ClusterClock } from './cluster-clock.ts';
import type { ClusterCounts } from './cluster-status.ts';
import { MemberAudit } from './member-audit.ts';
import type { MemberRecord } from './member-record.ts';
import { type Refusals, RowIntake } from './row-intake.ts';
import { type SharedAnnotations, splitAnnotations } from './shared-annotations.ts';

export interface MemberIntakeOptions {
  readonly roster: PresenceRoster;
  readonly annotations?: SharedAnnotations;
  /** Changes the roster and notifies viewers. */
  readonly replicate: (change: (now: Instant) => readonly Change[]) => void;
  readonly clock: ClusterClock;
  readonly logger: Logger;
  readonly counts: ClusterCounts;
  /** Time between two heartbeats, milliseconds. */
  readonly beatMs: number;
}

/** Receives the rows of the other members: leaves out what cannot be used, and compares them with the members' digests (PC11, PC15). */
export class MemberIntake {
  readonly #options: MemberIntakeOptions;
  readonly #audit: MemberAudit;
  readonly #rows: RowIntake;

  constructor(options: MemberIntakeOptions) {
    this.#options = options;
    const { roster, beatMs, logger } = options;
    this.#audit = new MemberAudit({ beatMs, holdings: (memberId) => roster.holdings(memberId) });
    this.#rows = new RowIntake(logger);
  }

  /** Rows of others that are missing here or differ from their members'. */
  get open(): MemberAudit['open'] {
    return this.#audit.open;
  }

  /** Collects from now on everything that a member publishes. */
  begin(memberId: MemberId): void {
    this.#audit.begin(memberId);
  }

  /** A member ended or is unreachable, and cannot answer. */
  forget(memberId: MemberId): void {
    this.#audit.forget(memberId);
  }

  /** What was refused of a member. */
  refusalsOf(memberId: MemberId): Refusals | undefined {
    return this.#rows.of(memberId);
  }

  /** Takes what an engine handed over; `unreadable`: the members of what was no row at all. */
  take(contributions: readonly Contribution[], unreadable: readonly MemberId[] = []): void {
    const { clock, roster, replicate, annotations, counts } = this.#options;
    const now = clock.now();
    counts.contributionsReceived += contributions.length;
    const { rows, records } = splitAnnotations(contributions);
    const taken = this.#rows.take(rows, roster.latestPossibleMs(now), now.monoMs);
    this.#rows.unreadable(unreadable, now.monoMs);
    counts.refused = this.#rows.total;
    this.#audit.note(taken.usable, taken.refused);
    if (taken.usable.length > 0) replicate((at) => roster.receive(taken.usable, at));
    if (records.length > 0) annotations?.receive(records);
  }

  /** Compares a member's digest with its rows here. Returns true when everything must be requested of it. */
  check(record: MemberRecord, isSnapshot = false): boolean {
    const { clock, replicate, roster } = this.#options;
    const finding = this.#audit.check(record, clock.now(), isSnapshot);
    if (finding.kind === 'whole') {
      const { contributions, others } = finding.whole;
      replicate((now) => roster.receiveAll(record.memberId, contributions, record.asOf, now, others));
    }
    return finding.kind === 'ask' && record.state !== 'left';
  }
}
