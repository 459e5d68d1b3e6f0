import type { Instant } from '../core/ports.ts';

/**
 * True when the machine slept between two ticks of a timer that were meant to be `intervalMs` apart.
 *
 * A sleeping machine runs no timers. Some platforms stop the monotonic clock meanwhile (Linux) and some do not, so the
 * longer of both gaps counts. A wall clock that is set forward looks the same; its only effect is one more beacon.
 */
export function sleptBetween(
  before: Instant,
  after: Instant,
  intervalMs: number,
  toleranceMs = 30_000,
): boolean {
  const gapMs = Math.max(after.wallMs - before.wallMs, after.monoMs - before.monoMs);
  return gapMs > intervalMs + toleranceMs;
}
