const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A moment in UTC to the second, for example `2026-11-28 21:00:00 UTC`. */
export function utcText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A span in its largest unit, rounded down: `5 minutes`, `1 day`. */
export function spanWords(ms: number): string {
  const [unit, unitMs] = steps.find(([, least]) => ms >= least) ?? (['second', 1_000] as const);
  const count = Math.max(0, Math.floor(ms / unitMs));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A moment in UTC and how long ago that is (PM5), for example `2026-11-28 21:00:00 UTC (5 minutes ago)`. */
export function momentWords(ms: number, nowMs: number): string {
  return `${utcText(ms)} (${nowMs - ms < 1_000 ? 'now' : `${spanWords(nowMs - ms)} ago`})`;
}
