/** How the last pass went, in milliseconds of the monotonic clock. */
export interface PassRecord {
  /** When the event loop had come round: everything was sent, and what arrived meanwhile was received. */
  readonly endedMonoMs: number;
  /** From the start of the pass to its end. */
  readonly costMs: number;
  /** The part of it that went into sending, without making what was sent. */
  readonly sendMs: number;
}

/** Timers know no shorter wait. */
export const shortestWaitMs = 1;
/** How much longer a busy gateway goes on receiving while clients arrive. */
const arrivalsMs = 50;

/**
 * How long to wait before the next pass (PE1).
 *
 * The window is the cost of the last pass: an idle gateway passes at once, a busy one spends at least half its time
 * receiving, and the wait is never longer than `maxCoalesceMs`.
 *
 * @returns milliseconds; 0 means in this turn of the event loop.
 */
export function passWaitMs(
  last: Omit<PassRecord, 'sendMs'>,
  nowMonoMs: number,
  maxCoalesceMs: number,
): number {
  const windowMs = Math.min(last.costMs, maxCoalesceMs);
  const waitMs = last.endedMonoMs + windowMs - nowMonoMs;
  return waitMs < shortestWaitMs ? 0 : waitMs;
}

/** True when a client that is in its handshake came so shortly ago that it will soon be a change, and a viewer to greet. */
export function isArriving(newestArrivalMonoMs: number, nowMonoMs: number, maxCoalesceMs: number): boolean {
  return nowMonoMs - newestArrivalMonoMs < maxCoalesceMs;
}

/**
 * When a pass is due though changes keep coming (PE1). What is made grows with the changes, but sending costs the same for
 * few and for many: where it is dear, a gateway goes on receiving for at most as long again as it took. Clients who
 * arrive together are waited for a little longer: they are greeted together, and the others told of them at once.
 *
 * @returns a moment of the monotonic clock, milliseconds.
 */
export function passDueMonoMs(last: PassRecord, areArriving: boolean, maxCoalesceMs: number): number {
  const longestMs = last.costMs + last.sendMs + (areArriving ? arrivalsMs : 0);
  return last.endedMonoMs + Math.min(longestMs, maxCoalesceMs);
}
