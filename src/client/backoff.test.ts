import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from './backoff.ts';

const policy = { initialMs: 250, factor: 2, maxMs: 4_000 };

describe('backoff', () => {
  it('doubles up to its limit', () => {
    const delays = [1, 2, 3, 4, 5, 6, 100].map((attempts) => backoffDelayMs(policy, attempts, () => 1));
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  });

  it('is spread over the upper half, and always returns within the limit', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), chance, (attempts, random) => {
        const delay = backoffDelayMs(policy, attempts, () => random);
        expect(delay).toBeGreaterThanOrEqual(125);
        expect(delay).toBeLessThanOrEqual(4_000);
      }),
    );
    expect(backoffDelayMs(policy, 1, () => 0)).toBe(125);
  });
});
