import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowWindow } from './row-window.ts';

it('draws every line that is seen, and few others', () => {
  const input = fc.record({
    count: fc.nat(100_000),
    rowPx: fc.integer({ min: 20, max: 100 }),
    scrolledPx: fc.integer({ min: -5_000, max: 12_000_000 }),
    viewPx: fc.integer({ min: 100, max: 4_000 }),
  });
  fc.assert(
    fc.property(input, ({ count, rowPx, scrolledPx, viewPx }) => {
      const { start, end } = rowWindow({ count, rowPx, scrolledPx, viewPx });
      const firstSeen = Math.max(0, Math.floor(scrolledPx / rowPx));
      const lastSeen = Math.min(count - 1, Math.ceil((scrolledPx + viewPx) / rowPx) - 1);
      if (firstSeen <= lastSeen) {
        expect(start).toBeLessThanOrEqual(firstSeen);
        expect(end).toBeGreaterThan(lastSeen);
      }
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(end - start).toBeLessThanOrEqual(viewPx / rowPx + 20);
    }),
  );
});
