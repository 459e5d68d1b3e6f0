/** The middle of several runs, and how far they spread. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and greatest; throws when there are no values. */
export function summarize(values: readonly number[]): Summary {
  const sorted = ascending(values);
  return { median: percentile(sorted, 50), min: percentile(sorted, 0), max: percentile(sorted, 100) };
}

/** The `percent`th percentile by linear interpolation between the closest ranks; throws when there are no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = ascending(values);
  const rank = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined)
    throw new TypeError('a percentile needs at least one value');
  return below + (above - below) * (rank - Math.floor(rank));
}

/** The median; throws when there are no values. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
