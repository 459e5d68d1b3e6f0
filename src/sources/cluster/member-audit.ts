import {
  type Contribution,
  compareStamps,
  type Holdings,
  holdingsOf,
  type Instant,
  isHeld,
  isSameHoldings,
  type MemberId,
} from '../../core/index.ts';
import type { MemberRecord } from './member-record.ts';

export interface MemberAuditOptions {
  /** The rows of a member that are held here. */
  readonly holdings: (memberId: MemberId) => Holdings;
  /** A member publishes its digest at least this often, milliseconds. */
  readonly beatMs: number;
}

/** Everything that a member has. */
export interface WholeMember {
  readonly contributions: readonly Contribution[];
  /** Keys of rows that it has too, but that cannot be used. */
  readonly others: readonly string[];
}

/** The result of comparing a member. */
export type Finding =
  | { readonly kind: 'same' | 'differs' | 'ask' }
  | { readonly kind: 'whole'; readonly whole: WholeMember };

interface Audited {
  /** What it published since the request, by key. */
  received: Map<string, { readonly contribution: Contribution; readonly isUsable: boolean }> | undefined;
  /** Rows of it that cannot be used. */
  readonly refused: Map<string, Contribution>;
  misses: number;
  missing: number;
  sinceMonoMs: number;
  requestAtMonoMs: number;
  pauseMs: number;
}

const longestPauseMs = 60_000;
/** Most refused rows of one member that are kept. */
const maxRefused = 1_000;

/**
 * Compares the rows held of each member with the digest that this member publishes (PC11).
 *
 * Its record names a count and a digest of its rows. When they differ twice in a row, something was lost in transit: everything is
 * requested of the member. A missing row counts as gone only once all that was received since then has that digest: a row that is
 * missing in an engine proves nothing.
 */
export class MemberAudit {
  readonly #options: MemberAuditOptions;
  readonly #members = new Map<MemberId, Audited>();

  constructor(options: MemberAuditOptions) {
    this.#options = options;
  }

  /** Rows of others that are missing here or differ from their members'; since when, monotonic. */
  get open(): { readonly rows: number; readonly gateways: number; readonly sinceMonoMs: number } {
    const open = [...this.#members.values()].filter(({ misses }) => misses > 1);
    return {
      rows: open.reduce((sum, { missing }) => sum + missing, 0),
      gateways: open.length,
      sinceMonoMs: Math.min(...open.map(({ sinceMonoMs }) => sinceMonoMs)),
    };
  }

  /** Collects from now on everything that a member publishes. */
  begin(memberId: MemberId): void {
    this.#audited(memberId).received = new Map();
  }

  note(usable: readonly Contribution[], refused: readonly Contribution[] = []): void {
    for (const contribution of usable) this.#note(contribution, true);
    for (const contribution of refused) this.#note(contribution, false);
  }

  /** Takes a member's digest. `isSnapshot`: no publication of it can be in transit. */
  check({ memberId, holds }: MemberRecord, now: Instant, isSnapshot = false): Finding {
    const audited = this.#members.get(memberId);
    if (holds === undefined) return { kind: 'same' };
    if (this.#isComplete(memberId, holds, audited)) return this.#same(memberId, audited);
    const whole = this.#wholeOf(audited, holds);
    if (whole !== undefined) {
      this.#same(memberId, audited);
      return { kind: 'whole', whole };
    }
    return this.#differs(memberId, holds, now, isSnapshot);
  }

  forget(memberId: MemberId): void {
    this.#members.delete(memberId);
  }

  #isComplete(memberId: MemberId, holds: Holdings, audited: Audited | undefined): boolean {
    return audited === undefined || audited.refused.size === 0
      ? isSameHoldings(this.#options.holdings(memberId), holds)
      : false;
  }

  #wholeOf(audited: Audited | undefined, holds: Holdings): WholeMember | undefined {
    if (audited?.received === undefined) return undefined;
    const held = [...audited.received.values()].filter(({ contribution }) => isHeld(contribution));
    if (!isSameHoldings(holdingsOf(held.map(({ contribution }) => contribution)), holds)) return undefined;
    const isSelf = ({ view }: Contribution): boolean => view?.self === true;
    const all = [...audited.received.values()].filter(
      ({ contribution }) => isHeld(contribution) || isSelf(contribution),
    );
    const others = all.filter(({ isUsable }) => !isUsable).map(({ contribution }) => contribution.key);
    audited.received = new Map(all.map((said) => [said.contribution.key, said]));
    for (const key of audited.refused.keys()) if (!others.includes(key)) audited.refused.delete(key);
    return {
      contributions: all.filter(({ isUsable }) => isUsable).map(({ contribution }) => contribution),
      others,
    };
  }

  #same(memberId: MemberId, audited: Audited | undefined): Finding {
    if (audited === undefined) return { kind: 'same' };
    if (audited.refused.size === 0) this.#members.delete(memberId);
    else Object.assign(audited, { misses: 0, missing: 0, pauseMs: this.#options.beatMs });
    return { kind: 'same' };
  }

  #differs(memberId: MemberId, holds: Holdings, { monoMs }: Instant, isSnapshot: boolean): Finding {
    const audited = this.#audited(memberId);
    if (audited.misses === 0) audited.sinceMonoMs = monoMs;
    audited.misses += isSnapshot ? 2 : 1;
    audited.missing = Math.max(1, holds.count - this.#options.holdings(memberId).count);
    if (audited.misses < 2 || monoMs < audited.requestAtMonoMs) return { kind: 'differs' };
    audited.requestAtMonoMs = monoMs + audited.pauseMs;
    audited.pauseMs = Math.min(longestPauseMs, 2 * audited.pauseMs);
    audited.received = new Map();
    return { kind: 'ask' };
  }

  #note(contribution: Contribution, isUsable: boolean): void {
    const { memberId, key } = contribution;
    const audited = isUsable ? this.#members.get(memberId) : this.#audited(memberId);
    if (audited === undefined) return;
    if (isUsable) audited.refused.delete(key);
    else if (audited.refused.size < maxRefused) audited.refused.set(key, contribution);
    const known = audited.received?.get(key)?.contribution;
    if (known !== undefined && compareStamps(known.stamp, contribution.stamp) > 0) return;
    audited.received?.set(key, { contribution, isUsable });
  }

  #audited(memberId: MemberId): Audited {
    const known = this.#members.get(memberId);
    if (known !== undefined) return known;
    const audited = {
      received: undefined,
      refused: new Map(),
      misses: 0,
      missing: 0,
      sinceMonoMs: 0,
      requestAtMonoMs: Number.NEGATIVE_INFINITY,
      pauseMs: this.#options.beatMs,
    };
    this.#members.set(memberId, audited);
    return audited;
  }
}
