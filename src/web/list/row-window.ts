/** Which lines of a long list are drawn: from `start` up to, not including, `end`. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** What decides that; all lengths in CSS pixels. */
export interface RowWindowInput {
  readonly count: number;
  readonly rowPx: number;
  /** How far the top of the list is above the top of what is seen; negative when it is below. */
  readonly scrolledPx: number;
  readonly viewPx: number;
}

/** Lines beyond each edge, so that a quick scroll shows no gap. */
const overscan = 8;

/** Computes the window of lines of equal height. */
export function rowWindow({ count, rowPx, scrolledPx, viewPx }: RowWindowInput): RowWindow {
  if (rowPx <= 0) return { start: 0, end: Math.min(count, overscan) };
  const first = Math.floor(scrolledPx / rowPx) - overscan;
  const last = Math.ceil((scrolledPx + viewPx) / rowPx) + overscan;
  const start = Math.min(Math.max(0, first), count);
  return { start, end: Math.max(start, Math.min(count, last)) };
}
