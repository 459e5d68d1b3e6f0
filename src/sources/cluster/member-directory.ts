import { type ClusterStanding, gatewayIdOf, type Instant, type MemberId } from '../../core/index.ts';
import type { MemberRecord } from './member-record.ts';

/** A change of what is known about a member. */
export interface StandingChange {
  readonly memberId: MemberId;
  readonly standing: ClusterStanding;
}

interface Known {
  record: MemberRecord;
  /** Monotonic moment of its last sign of life. */
  heardMonoMs: number;
  standing: ClusterStanding | undefined;
}

/** The other members, and whether they live: pure, the moment comes with every call. */
export class MemberDirectory {
  readonly #members = new Map<MemberId, Known>();
  readonly #options: { readonly leaseMs: number; readonly retainMs: number };

  /** @param options `leaseMs`: who was not heard for longer cannot be reached; `retainMs`: who is forgotten. */
  constructor(options: { readonly leaseMs: number; readonly retainMs: number }) {
    this.#options = options;
  }

  /** All that are remembered, with what is known about them. */
  *all(): Generator<{ readonly record: MemberRecord; readonly standing: ClusterStanding }, void, undefined> {
    for (const { record, standing } of this.#members.values()) {
      if (standing !== undefined) yield { record, standing };
    }
  }

  /** A member gave a sign of life; an older one than the last changes nothing. */
  hear(record: MemberRecord, { monoMs, wallMs }: Instant): void {
    const known = this.#members.get(record.memberId);
    if (known !== undefined && known.record.saidAtMs > record.saidAtMs) return;
    const heardMonoMs = monoMs - Math.max(0, wallMs - record.saidAtMs);
    if (known === undefined) this.#members.set(record.memberId, { record, heardMonoMs, standing: undefined });
    else Object.assign(known, { record, heardMonoMs: Math.max(heardMonoMs, known.heardMonoMs) });
  }

  /** What changed since the last time; members that ended long ago are forgotten. */
  changes(now: Instant): readonly StandingChange[] {
    const changed: StandingChange[] = [];
    for (const [memberId, known] of this.#members) {
      const standing = this.#standingOf(known, now);
      if (standing.kind !== known.standing?.kind) {
        known.standing = standing;
        changed.push({ memberId, standing });
      }
      if (now.monoMs - known.heardMonoMs > this.#options.retainMs) this.#members.delete(memberId);
    }
    return changed;
  }

  #standingOf({ record, heardMonoMs }: Known, { monoMs }: Instant): ClusterStanding {
    const sinceMs = record.saidAtMs;
    if (record.state === 'left' || this.#hasSuccessor(record)) return { kind: 'gone', sinceMs };
    return monoMs - heardMonoMs > this.#options.leaseMs ? { kind: 'unreachable', sinceMs } : { kind: 'live' };
  }

  /** A gateway that was started again has no connections of its last run. */
  #hasSuccessor({ memberId, startedAtMs }: MemberRecord): boolean {
    const gatewayId = gatewayIdOf(memberId);
    for (const { record } of this.#members.values()) {
      const isOther = record.memberId !== memberId && gatewayIdOf(record.memberId) === gatewayId;
      if (isOther && record.startedAtMs > startedAtMs) return true;
    }
    return false;
  }
}
