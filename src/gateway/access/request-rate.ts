/** How many requests a connection may send (PL3). */
export interface RequestLimits {
  /** 0 is no limit. */
  readonly requestsPerSecond: number;
  /** Requests that may come at once. */
  readonly requestBurst: number;
}

/**
 * A token bucket for one connection, in one number: the moment at which its bucket is full again.
 *
 * An idle connection costs nothing: no timer fills buckets, the fill level follows from the clock.
 */
export class RequestRate {
  readonly #spacingMs: number;
  readonly #depthMs: number;
  #fullMonoMs = Number.NEGATIVE_INFINITY;

  constructor({ requestsPerSecond, requestBurst }: RequestLimits) {
    this.#spacingMs = requestsPerSecond === 0 ? 0 : 1000 / requestsPerSecond;
    this.#depthMs = this.#spacingMs * requestBurst;
  }

  /** Counts a request: 0 when it may go on, else how many milliseconds until one may; a refused one costs nothing. */
  take(monoMs: number): number {
    if (this.#spacingMs === 0) return 0;
    const fullMonoMs = Math.max(this.#fullMonoMs, monoMs) + this.#spacingMs;
    const waitMs = fullMonoMs - monoMs - this.#depthMs;
    // Moments are floating point: a remainder below a microsecond is a rounding error.
    if (waitMs > 0.001) return waitMs;
    this.#fullMonoMs = fullMonoMs;
    return 0;
  }
}
