import type { Instant } from './ports.ts';

/** A wall clock that gains less than this between two readings was not set. */
const leastLeapMs = 1_000;

/**
 * Notices when the wall clock was set forward, and takes that off again for a while.
 *
 * The age of rows of others follows from their `ts`. A clock that is set an hour forward would make all of them an hour older at
 * once; for `graceMs`, in which every older row comes to its own end, the hour is not counted (PC14). A clock that is set back
 * needs nothing: rows are kept longer.
 */
export class LeapWatch {
  readonly #graceMs: number;
  #last: Instant | undefined;
  #leapMs = 0;
  #untilMonoMs = Number.NEGATIVE_INFINITY;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** The moment by which ages are counted. */
  withoutLeap(now: Instant): Instant {
    this.#read(now);
    const isOver = now.monoMs > this.#untilMonoMs;
    if (isOver) this.#leapMs = 0;
    return isOver ? now : { monoMs: now.monoMs, wallMs: now.wallMs - this.#leapMs };
  }

  #read(now: Instant): void {
    const last = this.#last ?? now;
    this.#last = now;
    const gainedMs = now.wallMs - last.wallMs - (now.monoMs - last.monoMs);
    if (Math.abs(gainedMs) < leastLeapMs) return;
    this.#leapMs = Math.max(0, this.#leapMs + gainedMs);
    this.#untilMonoMs = now.monoMs + this.#graceMs;
  }
}
