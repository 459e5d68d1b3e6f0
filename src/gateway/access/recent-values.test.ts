import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentValues } from './recent-values.ts';

it('[PA7] [PL3] keeps the values that were taken last, and never more than fit', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 4 }), (taken, max) => {
      const values = new RecentValues<string>(max);
      for (const key of taken) expect(values.take(key, () => `value of ${key}`)).toBe(`value of ${key}`);
      const latest = [...new Set(taken.toReversed())].slice(0, max);
      expect(values.size).toBe(latest.length);
      for (const key of taken) {
        expect(values.look(key)).toBe(latest.includes(key) ? `value of ${key}` : undefined);
      }
    }),
  );
});

it('[PA7] [PL3] reading a value does not renew it', () => {
  const values = new RecentValues<number>(2);
  values.take('first', () => 1);
  values.take('second', () => 2);
  expect(values.look('first')).toBe(1);
  values.take('third', () => 3);
  expect(values.look('first')).toBeUndefined();
});
