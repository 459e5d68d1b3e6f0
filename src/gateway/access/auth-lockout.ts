import { isLoopback } from '../../core/index.ts';
import type { Peer } from '../transport.ts';
import { RecentValues } from './recent-values.ts';
import { sourceOf } from './source.ts';

/** When an address is locked out, and for how long (PA7). */
export interface LockoutRules {
  /** Failures within the window that lock an address out; 0 is never. */
  readonly maxAuthFailures: number;
  readonly authFailureWindowMs: number;
  readonly authLockoutMs: number;
  /** Loopback addresses are locked out as well. */
  readonly authLockoutLoopback: boolean;
}

interface Offender {
  /** Moments of the failures within the window, oldest first; at most `maxAuthFailures`. */
  failedMonoMs: number[];
  shutOutUntilMonoMs: number;
}

/** Most addresses that are kept; beyond it the one that failed longest ago is dropped. */
export const maxOffenders = 10_000;

/**
 * Locks out addresses that fail to authenticate again and again (PA7).
 *
 * A success does not reset the failures: the owner of one credential could try for another for ever. Loopback is exempt unless the
 * rules state otherwise, but only without a proxy in between: the address of a proxy does not identify its client.
 * Memory is bounded by {@link maxOffenders}; every call costs O(1).
 */
export class AuthLockout {
  readonly #rules: LockoutRules;
  readonly #offenders = new RecentValues<Offender>(maxOffenders);

  constructor(rules: LockoutRules) {
    this.#rules = rules;
  }

  /** Number of addresses that are kept. */
  get size(): number {
    return this.#offenders.size;
  }

  /** How long an address stays locked out, milliseconds; `undefined` when it is not. */
  remainingMs(peer: Peer, monoMs: number): number | undefined {
    if (this.#isExempt(peer)) return undefined;
    const offender = this.#offenders.look(sourceOf(peer.address));
    const restMs = (offender?.shutOutUntilMonoMs ?? monoMs) - monoMs;
    return restMs > 0 ? restMs : undefined;
  }

  /** An authentication failed. Returns true when that locked the address out. */
  failed(peer: Peer, monoMs: number): boolean {
    if (this.#isExempt(peer)) return false;
    const { maxAuthFailures, authFailureWindowMs, authLockoutMs } = this.#rules;
    const offender = this.#offenders.take(sourceOf(peer.address), newOffender);
    const recent = offender.failedMonoMs.filter((failedMs) => monoMs - failedMs < authFailureWindowMs);
    offender.failedMonoMs = [...recent, monoMs];
    if (offender.failedMonoMs.length < maxAuthFailures) return false;
    offender.failedMonoMs = [];
    offender.shutOutUntilMonoMs = monoMs + authLockoutMs;
    return true;
  }

  #isExempt({ address, isForwarded }: Peer): boolean {
    const { maxAuthFailures, authLockoutLoopback } = this.#rules;
    if (maxAuthFailures === 0) return true;
    return !authLockoutLoopback && isForwarded !== true && isLoopback(address);
  }
}

function newOffender(): Offender {
  return { failedMonoMs: [], shutOutUntilMonoMs: Number.NEGATIVE_INFINITY };
}
