import type { MemberId } from './member-id.ts';

/**
 * A moment on a hybrid logical clock: unique in a cluster, and later than everything that was known when it was
 * taken (Kulkarni et al., "Logical Physical Clocks and Consistent Snapshots", 2014).
 */
export interface Stamp {
  /** Milliseconds since the epoch; ahead of the wall clock when somebody else's was ahead. */
  readonly ms: number;
  /** Order within the millisecond. */
  readonly counter: number;
  /** Who took it. */
  readonly memberId: MemberId;
}

/**
 * Furthest that a stamp may be ahead of the clock of the cluster, milliseconds: a day, so that the clock of the engine may be set
 * back by hours. One that is further ahead would come after all news until then (PC14).
 */
export const maxDriftMs = 86_400_000;

/** Most stamps of one millisecond. */
const maxCounter = 1_000_000_000;

/** Order of stamps: negative when `a` is earlier, 0 only for the same stamp. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.ms - b.ms || a.counter - b.counter || compareIds(a.memberId, b.memberId);
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Takes stamps that grow, whatever the wall clocks of the gateways do: a gateway whose clock is minutes behind
 * writes later stamps than all it has seen, so no old write wins for ever.
 */
export class HybridClock {
  readonly #memberId: MemberId;
  #ms = 0;
  #counter = 0;
  /** The latest that the clock of the cluster showed, which may have been set back since. */
  #wallMs = 0;

  constructor(memberId: MemberId) {
    this.#memberId = memberId;
  }

  /** The stamp of something that happens now. */
  next(wallMs: number): Stamp {
    const ms = Math.max(this.#ms, Math.round(wallMs));
    this.#counter = ms === this.#ms ? this.#counter + 1 : 0;
    this.#ms = ms;
    return { ms, counter: this.#counter, memberId: this.#memberId };
  }

  /** The stamp of the latest that was taken or seen. */
  get latest(): Stamp {
    return { ms: this.#ms, counter: this.#counter, memberId: this.#memberId };
  }

  /** The latest moment that anybody can have seen on a clock that is set right, milliseconds since the epoch (PC14). */
  latestPossibleMs(wallMs: number): number {
    this.#wallMs = Math.max(this.#wallMs, wallMs);
    return this.#wallMs + maxDriftMs;
  }

  /** True when a stamp can have been taken by a clock that is set right. */
  isPossible({ ms, counter }: Stamp, wallMs: number): boolean {
    return ms <= this.latestPossibleMs(wallMs) && counter <= maxCounter;
  }

  /** The machine's clock was wrong until now: starts again at a moment, when it was far ahead; returns whether it was. */
  restart(wallMs: number): boolean {
    this.#wallMs = wallMs;
    if (this.isPossible(this.latest, wallMs)) return false;
    this.#ms = Math.round(wallMs);
    this.#counter = 0;
    return true;
  }

  /** Somebody else's stamp was seen: the next one of ours is later. */
  observe({ ms, counter }: Stamp): void {
    if (ms > this.#ms) {
      this.#ms = ms;
      this.#counter = counter;
    } else if (ms === this.#ms) this.#counter = Math.max(this.#counter, counter);
  }
}
