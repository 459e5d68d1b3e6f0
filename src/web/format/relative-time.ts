const units: readonly { readonly unit: 'day' | 'hour' | 'minute' | 'second'; readonly seconds: number }[] = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
];

/** A past moment in its largest unit, rounded down: 119 s ago is one minute ago. */
export function relativeText(format: Intl.RelativeTimeFormat, ageMs: number): string {
  const seconds = Math.floor(ageMs / 1_000);
  const largest = units.find((unit) => seconds >= unit.seconds) ?? { unit: 'second', seconds: 1 };
  return format.format(-Math.floor(seconds / largest.seconds), largest.unit);
}
