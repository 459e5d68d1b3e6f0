import {
  type ClusterMemberStatus,
  compareStamps,
  gatewayIdOf,
  type Instant,
  type MemberId,
} from '../../core/index.ts';
import type { MemberRecord } from './member-record.ts';

/** A change of a member's status. */
export interface StatusChange {
  readonly memberId: MemberId;
  readonly status: ClusterMemberStatus;
}

interface Known {
  record: MemberRecord;
  /** Monotonic moment of its last heartbeat. */
  receivedMonoMs: number;
  /** Heartbeats since another run of its gateway was first received. */
  signs: number;
  status: ClusterMemberStatus | undefined;
}

/** The times of a directory. */
export interface MemberDirectoryOptions {
  /** A member without a heartbeat for longer is unreachable, milliseconds. */
  readonly leaseMs: number;
  /** A member without a heartbeat for longer is dropped, milliseconds. */
  readonly retainMs: number;
  /** This run of this gateway, once it takes part: earlier ones have ended. */
  readonly self?: () => Pick<MemberRecord, 'memberId' | 'startedAtMs'> | undefined;
}

/**
 * The other members and their status: pure, the moment comes with every call.
 *
 * Which of two records of a member is later follows from its own sequence number, never from a clock (PC14).
 */
export class MemberDirectory {
  readonly #members = new Map<MemberId, Known>();
  readonly #options: MemberDirectoryOptions;

  constructor(options: MemberDirectoryOptions) {
    this.#options = options;
  }

  /** All members that are kept, with their records. */
  *all(): Generator<
    { readonly record: MemberRecord; readonly status: ClusterMemberStatus },
    void,
    undefined
  > {
    for (const { record, status } of this.#members.values()) {
      if (status !== undefined) yield { record, status };
    }
  }

  isLive(memberId: MemberId): boolean {
    return this.#members.get(memberId)?.status?.kind === 'up';
  }

  /** Other runs of a gateway that send heartbeats while a later one does: its state folder was copied (PC17). */
  twins(gatewayId: string): readonly MemberRecord[] {
    const runs = [...this.#members.values()].filter(
      ({ record, status }) => gatewayIdOf(record.memberId) === gatewayId && status?.kind === 'up',
    );
    const isSelf = gatewayIdOf(this.#options.self?.()?.memberId ?? '') === gatewayId;
    return isSelf || runs.length > 1 ? runs.map(({ record }) => record) : [];
  }

  /**
   * Takes a heartbeat; one that is not later than the last changes nothing, and returns false.
   *
   * @param isStored it was sent earlier, at the time that its record states.
   */
  receive(record: MemberRecord, { monoMs, wallMs }: Instant, isStored = false): boolean {
    const known = this.#members.get(record.memberId);
    if (known !== undefined && !isLater(record, known.record)) return false;
    const receivedMonoMs = isStored ? monoMs - Math.max(0, wallMs - record.saidAtMs) : monoMs;
    if (known === undefined) {
      for (const run of this.#members.values())
        if (gatewayIdOf(run.record.memberId) === gatewayIdOf(record.memberId)) run.signs = 0;
      this.#members.set(record.memberId, { record, receivedMonoMs, signs: 0, status: undefined });
      return true;
    }
    const signs = known.signs + 1;
    Object.assign(known, { record, signs, receivedMonoMs: Math.max(receivedMonoMs, known.receivedMonoMs) });
    return true;
  }

  /** What changed since the last time; members that ended long ago are dropped. */
  changes(now: Instant): readonly StatusChange[] {
    const changed: StatusChange[] = [];
    for (const [memberId, known] of this.#members) {
      const status = this.#statusOf(known, now);
      if (status.kind !== known.status?.kind) {
        known.status = status;
        changed.push({ memberId, status });
      }
      if (now.monoMs - known.receivedMonoMs > this.#options.retainMs) this.#members.delete(memberId);
    }
    return changed;
  }

  #statusOf(known: Known, { monoMs }: Instant): ClusterMemberStatus {
    const { record, receivedMonoMs, signs } = known;
    const sinceMs = record.saidAtMs;
    const isSilent = monoMs - receivedMonoMs > this.#options.leaseMs;
    // One late message may have been in transit when the run ended; two show that it is still running.
    const hasEnded = this.#hasSuccessor(record) && (isSilent || signs < 2);
    if (record.state === 'left' || hasEnded) return { kind: 'left', sinceMs };
    return isSilent ? { kind: 'unreachable', sinceMs } : { kind: 'up' };
  }

  /** A gateway that was started again has no connections of its last run. */
  #hasSuccessor({ memberId, startedAtMs }: MemberRecord): boolean {
    const gatewayId = gatewayIdOf(memberId);
    const isLaterRun = (run: Pick<MemberRecord, 'memberId' | 'startedAtMs'>): boolean =>
      run.memberId !== memberId && gatewayIdOf(run.memberId) === gatewayId && run.startedAtMs > startedAtMs;
    const self = this.#options.self?.();
    if (self !== undefined && isLaterRun(self)) return true;
    for (const { record } of this.#members.values()) if (isLaterRun(record)) return true;
    return false;
  }
}

function isLater(record: MemberRecord, known: MemberRecord): boolean {
  if (record.sequence !== undefined && known.sequence !== undefined) return record.sequence > known.sequence;
  return compareStamps(record.asOf, known.asOf) >= 0;
}
