import type { DelayTimers, Logger } from '../../core/index.ts';
import { gatewayIdOf, type MemberId } from '../../core/index.ts';
import type { ClusterClock } from './cluster-clock.ts';
import type { MemberRecord } from './member-record.ts';

/** How joining a cluster went. */
export type JoinOutcome =
  | { readonly kind: 'joined' }
  | { readonly kind: 'alone' }
  /** The record of the other gateway that has the same id. */
  | { readonly kind: 'taken'; readonly by: MemberRecord };

/** Where this process is. */
export interface Machine {
  readonly host: string;
  readonly pid: number;
  /** See {@link MemberRecord.place}. */
  readonly place?: string | undefined;
}

export interface CollisionWatchOptions {
  readonly memberId: MemberId;
  readonly leaseMs: number;
  readonly machine: Machine;
  readonly clock: ClusterClock;
  readonly delay: DelayTimers;
  readonly logger: Logger;
}

/**
 * Finds out whether another gateway has the same id: two gateways that share a state folder, or a copy of one.
 *
 * A record of the own gateway may be that of the last run, which was killed. Only another heartbeat shows that it
 * is running, and heartbeats come three times in a lease.
 */
export class CollisionWatch {
  readonly #options: CollisionWatchOptions;
  #suspects: readonly MemberRecord[] = [];
  #outcome: JoinOutcome | undefined;
  /** Members that the log names already. */
  readonly #named = new Set<MemberId>();
  #settle: ((outcome: JoinOutcome) => void) | undefined;

  constructor(options: CollisionWatchOptions) {
    this.#options = options;
  }

  /** True once it is clear that the gateway takes part. */
  get isSettled(): boolean {
    return this.#outcome !== undefined && this.#outcome.kind !== 'taken';
  }

  /** Waits for the outcome; `alone` when no snapshot came within `limitMs`. */
  outcome(limitMs: number): Promise<JoinOutcome> {
    const settled = new Promise<JoinOutcome>((resolve) => {
      this.#settle = resolve;
    });
    if (this.#outcome !== undefined) this.#settle?.(this.#outcome);
    this.#options.delay.after(limitMs, () => {
      if (this.#suspects.length === 0) this.#decide({ kind: 'alone' });
    });
    return settled;
  }

  /** A snapshot of the engine shows who is there. */
  onSnapshot(records: readonly MemberRecord[]): void {
    if (this.#outcome !== undefined) return;
    this.#suspects = records.filter((record) => this.#isSuspect(record));
    if (this.#suspects.length === 0) return this.#decide({ kind: 'joined' });
    // A gateway whose lease ran out without another heartbeat counts as ended everywhere.
    this.#options.delay.after(this.#leaseLeftMs(), () => this.#decide({ kind: 'joined' }));
  }

  /** Takes a heartbeat of a member. */
  signOfLife(record: MemberRecord): void {
    if (!this.#isSame(record) || record.state === 'left') return;
    const known = this.#suspects.find(({ memberId }) => memberId === record.memberId);
    if (this.#outcome === undefined && (known === undefined || isLater(record, known))) {
      this.#decide({ kind: 'taken', by: record });
    } else if (this.#outcome !== undefined) this.#complain(record);
  }

  #decide(outcome: JoinOutcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#settle?.(outcome);
  }

  #isSuspect(record: MemberRecord): boolean {
    const { clock, leaseMs, machine } = this.#options;
    if (!this.#isSame(record) || record.state === 'left') return false;
    if (clock.now().wallMs - record.saidAtMs > leaseMs) return false;
    return !isEndedHere(record, machine);
  }

  /** Until the lease of the last suspect has run out. */
  #leaseLeftMs(): number {
    const { clock, leaseMs } = this.#options;
    const latestMs = Math.max(...this.#suspects.map(({ saidAtMs }) => saidAtMs));
    return Math.min(leaseMs, Math.max(0, latestMs + leaseMs - clock.now().wallMs));
  }

  #isSame({ memberId }: MemberRecord): boolean {
    return (
      gatewayIdOf(memberId) === gatewayIdOf(this.#options.memberId) && memberId !== this.#options.memberId
    );
  }

  #complain({ memberId, host, pid }: MemberRecord): void {
    if (this.#named.has(memberId) || this.#named.size > 100) return;
    this.#named.add(memberId);
    this.#options.logger.error(
      { host, pid },
      'another gateway of this cluster has the same instance id: give each a state folder of its own',
    );
  }
}

/** By its own sequence number; older gateways send none. */
function isLater(record: MemberRecord, known: MemberRecord): boolean {
  if (record.sequence === undefined || known.sequence === undefined) return record.saidAtMs > known.saidAtMs;
  return record.sequence > known.sequence;
}

/** A process id is unique only within one process id namespace: every container has a process 1 (PC17). */
function isEndedHere({ host, pid, place }: MemberRecord, machine: Machine): boolean {
  if (host !== machine.host) return false;
  if (place !== machine.place) return false;
  return place === undefined ? pid !== process.pid && isEnded(pid) : isEnded(pid);
}

function isEnded(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
