import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJump, rowWindow } from './row-window.ts';

it('renders every visible line, and few others', () => {
  const input = fc.record({
    count: fc.nat(100_000),
    rowPx: fc.integer({ min: 20, max: 100 }),
    sectionPx: fc.integer({ min: 20, max: 60 }),
    everyRows: fc.integer({ min: 1, max: 50 }),
    fromPx: fc.integer({ min: -5_000, max: 12_000_000 }),
    viewPx: fc.integer({ min: 100, max: 4_000 }),
    overscan: fc.nat(10),
  });
  fc.assert(
    fc.property(input, ({ count, rowPx, sectionPx, everyRows, fromPx, viewPx, overscan }) => {
      const sectionsBefore = (index: number): number => Math.ceil(index / everyRows);
      const topOf = (index: number): number =>
        (index - sectionsBefore(index)) * rowPx + sectionsBefore(index) * sectionPx;
      const untilPx = fromPx + viewPx;
      const { start, end } = rowWindow({ count, topOf, fromPx, untilPx, overscan });
      const isSeen = (index: number): boolean => topOf(index + 1) > fromPx && topOf(index) < untilPx;
      if (start > 0) expect(isSeen(start - 1)).toBe(false);
      if (end < count) expect(isSeen(end)).toBe(false);
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      // One line is cut at each edge.
      expect(end - start).toBeLessThanOrEqual(viewPx / Math.min(rowPx, sectionPx) + 2 + 2 * overscan);
    }),
  );
});

it('treats a move as a jump when no line can stay', () => {
  expect(isJump({ start: 0, end: 20 }, { start: 19, end: 40 })).toBe(false);
  expect(isJump({ start: 0, end: 20 }, { start: 20, end: 40 })).toBe(true);
  expect(isJump({ start: 20, end: 40 }, { start: 0, end: 20 })).toBe(true);
});
