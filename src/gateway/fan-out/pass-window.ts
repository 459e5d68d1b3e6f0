/** How the last pass went, in milliseconds of the monotonic clock. */
export interface PassRecord {
  /** When the event loop had come round: everything was sent, and what arrived meanwhile was received. */
  readonly endedMonoMs: number;
  /** From the start of the pass to its end. */
  readonly costMs: number;
}

/** Timers know no shorter wait. */
const shortestWaitMs = 1;
/** The longest window of a gateway that goes on receiving, in costs of the last pass. */
const longestInCosts = 2;

/**
 * How long to wait before the next pass (PE1).
 *
 * The window is the cost of the last pass: an idle gateway passes at once, a busy one spends at least half its time
 * receiving, and the wait is never longer than `maxCoalesceMs`.
 *
 * @returns milliseconds; 0 means in this turn of the event loop.
 */
export function passWaitMs(last: PassRecord, nowMonoMs: number, maxCoalesceMs: number): number {
  const waitMs = endMonoMs(last, 1, maxCoalesceMs) - nowMonoMs;
  return waitMs < shortestWaitMs ? 0 : waitMs;
}

/**
 * When a pass is due though changes keep coming (PE1): going on receiving makes fewer passes of them, for at most as long
 * again as the window.
 *
 * @returns a moment of the monotonic clock, milliseconds.
 */
export function passDueMonoMs(last: PassRecord, maxCoalesceMs: number): number {
  return endMonoMs(last, longestInCosts, maxCoalesceMs);
}

function endMonoMs({ endedMonoMs, costMs }: PassRecord, costs: number, maxCoalesceMs: number): number {
  return endedMonoMs + Math.min(costs * costMs, maxCoalesceMs);
}
