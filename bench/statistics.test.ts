import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, summarize } from './statistics.ts';

const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });

describe('statistics', () => {
  it('takes the middle of an odd number of values and the mean of the two middle ones of an even number', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
  });

  it('interpolates percentiles between the closest ranks', () => {
    expect(percentile([10, 20, 30, 40, 50], 25)).toBe(20);
    expect(percentile([10, 20], 75)).toBe(17.5);
  });

  it('summarizes with least and greatest, and leaves the values as they were', () => {
    const runs = [3, 1, 2];
    expect(summarize(runs)).toEqual({ median: 2, min: 1, max: 3 });
    expect(runs).toEqual([3, 1, 2]);
  });

  it('always keeps a percentile between least and greatest', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 100, noNaN: true }), (sample, percent) => {
        const { min, max } = summarize(sample);
        const value = percentile(sample, percent);
        expect(value).toBeGreaterThanOrEqual(min - 1e-6);
        expect(value).toBeLessThanOrEqual(max + 1e-6);
      }),
    );
  });

  it('refuses an empty sample', () => {
    expect(() => summarize([])).toThrow(TypeError);
  });
});
