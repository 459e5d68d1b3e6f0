/** The lines of a long list that are rendered: from `start` up to, not including, `end`. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** Input of {@link rowWindow}; all lengths in CSS pixels from the top of the list. */
export interface RowWindowInput {
  readonly count: number;
  /** Where a line begins; it grows with the number of the line, and `topOf(count)` is the height of the list. */
  readonly topOf: (index: number) => number;
  /** Top of the visible part. */
  readonly fromPx: number;
  readonly untilPx: number;
  /** Lines beyond each edge, so that a scroll shows no gap. */
  readonly overscan: number;
}

/** Computes the window of lines. */
export function rowWindow({ count, topOf, fromPx, untilPx, overscan }: RowWindowInput): RowWindow {
  if (topOf(count) <= 0) return { start: 0, end: Math.min(count, overscan + 1) };
  const start = Math.max(0, lineAt(fromPx, count, topOf) - overscan);
  return { start, end: Math.min(count, Math.max(start, lineAt(untilPx, count, topOf) + 1 + overscan)) };
}

/** Whether two windows have no line in common: nothing of what is rendered can stay. */
export function isJump(from: RowWindow, to: RowWindow): boolean {
  return to.start >= from.end || to.end <= from.start;
}

/** The line at a height: the last one that begins at or above it. */
function lineAt(px: number, count: number, topOf: (index: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (topOf(middle) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
