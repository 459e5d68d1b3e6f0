/** How long to wait between attempts. */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/**
 * Delay before the next attempt after `attempts` failures, in whole milliseconds.
 *
 * Grows by `factor` up to `maxMs`; the lower half is sure and the upper half is chance, so that the clients of
 * a restarted gateway do not all return at one moment.
 */
export function backoffDelayMs(policy: BackoffPolicy, attempts: number, random: () => number): number {
  const limitMs = Math.min(policy.maxMs, policy.initialMs * policy.factor ** Math.max(0, attempts - 1));
  return Math.round(limitMs * (0.5 + 0.5 * random()));
}
