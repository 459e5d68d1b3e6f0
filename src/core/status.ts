import type { PresenceEntry } from './entry.ts';

/** How fresh a row is (PS1). */
export type Status = 'active' | 'idle' | 'stale';

/** A row is active up to and including this age. */
export const activeMs = 120_000;
/** A row is idle up to and including this age, stale beyond. */
export const idleMs = 300_000;

/**
 * Status of a row by the age of its `ts` in milliseconds (PS1).
 *
 * The one function for page, terminal and HTTP. The age is to be taken against the gateway's clock (PS2); a
 * negative age, from a clock that was set back, counts as zero.
 */
export function statusOf(ageMs: number): Status {
  if (ageMs <= activeMs) return 'active';
  return ageMs <= idleMs ? 'idle' : 'stale';
}

/** Age of a row in milliseconds, never negative; `nowMs` is the gateway's clock (PS2). */
export function ageMs(entry: Pick<PresenceEntry, 'ts'>, nowMs: number): number {
  return Math.max(0, nowMs - entry.ts);
}

/**
 * Whole seconds since the person's last input, as of `nowMs` of the gateway's clock: what was reported plus the age
 * of the report (PS4). `undefined` when the instance never reported it.
 */
export function lastInputSecondsAt(
  entry: Pick<PresenceEntry, 'ts' | 'lastInputSeconds'>,
  nowMs: number,
): number | undefined {
  if (entry.lastInputSeconds === undefined) return undefined;
  return entry.lastInputSeconds + Math.floor(ageMs(entry, nowMs) / 1000);
}
