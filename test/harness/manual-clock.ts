import type { Clock, Instant } from '../../src/core/index.ts';

/** Where a {@link ManualClock} starts. */
export interface ManualClockOptions {
  /** First monotonic moment in milliseconds; default 1 000. */
  readonly monoMs?: number;
  /** First wall-clock moment in milliseconds since the epoch; default 2026-01-01T00:00:00Z. */
  readonly wallMs?: number;
}

/** A clock that moves only when a test moves it; it is an {@link Instant} itself, so that it can be passed as `now`. */
export class ManualClock implements Clock, Instant {
  #monoMs: number;
  #wallMs: number;

  constructor(options: ManualClockOptions = {}) {
    this.#monoMs = options.monoMs ?? 1_000;
    this.#wallMs = options.wallMs ?? Date.UTC(2026, 0, 1);
  }

  get monoMs(): number {
    return this.#monoMs;
  }

  get wallMs(): number {
    return this.#wallMs;
  }

  /** The present moment, as a value that stays the same when the clock moves on. */
  now(): Instant {
    return { monoMs: this.#monoMs, wallMs: this.#wallMs };
  }

  /** Lets time pass on both clocks; returns the new moment. Throws `TypeError` for a negative step. */
  advance(ms: number): Instant {
    if (!(ms >= 0)) throw new TypeError(`time does not go back: ${ms}`);
    this.#monoMs += ms;
    this.#wallMs += ms;
    return this.now();
  }

  /** Sets the wall clock, as an operator or NTP does; no time passes. Returns the new moment. */
  setWall(ms: number): Instant {
    this.#wallMs = ms;
    return this.now();
  }
}
