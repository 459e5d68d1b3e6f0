import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ListItem } from '../../state/sections.ts';
import { isJump, type RowWindow, rowWindow } from './row-window.ts';

/** Height of the name of a section, as in the style sheet. */
const sectionRem = 2.25;
/** Lines beyond the visible ones that are rendered while the list rests or moves slowly. */
const usualOverscan = 8;
/** After a jump, at which all lines are replaced, they are rendered when the list has rested for so long, milliseconds. */
const restMs = 100;

/** Returns the number of section titles before a line; titles have another height than rows. */
export function sectionsBefore(items: readonly ListItem[]): (index: number) => number {
  const at: number[] = [];
  for (const [index, { kind }] of items.entries()) if (kind === 'section') at.push(index);
  return (index) => {
    let count = 0;
    while (count < at.length && (at[count] ?? 0) < index) count += 1;
    return count;
  };
}

/** Keeps the window of visible lines current while the page scrolls and elements change their size. */
export function useRowWindow(
  body: { readonly current: HTMLElement | null },
  count: number,
  before: (index: number) => number,
): RowWindow {
  const [seen, setSeen] = useState<RowWindow>({ start: 0, end: Math.min(count, 40) });
  const follower = useRef<ReturnType<typeof followWindow>>(undefined);
  follower.current ??= followWindow(body, seen, setSeen);
  const { look, start } = follower.current;
  useEffect(() => start(), []);
  useLayoutEffect(() => look({ count, before }), [count, before]);
  return seen;
}

/** All lines. */
interface Lines {
  readonly count: number;
  readonly before: (index: number) => number;
}

function followWindow(
  body: { readonly current: HTMLElement | null },
  first: RowWindow,
  show: (next: RowWindow) => void,
): { look(lines: Lines): void; start(): () => void } {
  let lines: Lines = { count: 0, before: () => 0 };
  let drawn = first;
  let sectionPx = sectionRem * remPx();
  let resting: ReturnType<typeof setTimeout> | undefined;
  const rest = (): void => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = undefined;
      look();
    }, restMs);
  };
  const look = (): void => {
    if (body.current === null) return;
    const { count, before } = lines;
    const { top, height } = body.current.getBoundingClientRect();
    const sections = before(count);
    const rowPx = (height - sections * sectionPx) / Math.max(1, count - sections);
    const topOf = (index: number): number => (index - before(index)) * rowPx + before(index) * sectionPx;
    const windowWith = (overscan: number): RowWindow =>
      rowWindow({ count, topOf, fromPx: -top, untilPx: window.innerHeight - top, overscan });
    const bare = windowWith(0);
    if (isJump(drawn, bare)) rest();
    const next = resting === undefined ? windowWith(usualOverscan) : bare;
    if (drawn.start === next.start && drawn.end === next.end) return;
    drawn = next;
    show(next);
  };
  const remeasure = (): void => {
    sectionPx = sectionRem * remPx();
    look();
  };
  return {
    look(next) {
      lines = next;
      look();
    },
    start() {
      const sizes = new ResizeObserver(remeasure);
      if (body.current !== null) sizes.observe(body.current);
      window.addEventListener('scroll', look, { passive: true });
      window.addEventListener('resize', remeasure);
      return () => {
        clearTimeout(resting);
        sizes.disconnect();
        window.removeEventListener('scroll', look);
        window.removeEventListener('resize', remeasure);
      };
    },
  };
}

/** One `rem` in pixels; people set it in their browser. */
export function remPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
