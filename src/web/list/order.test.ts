import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { sortKeys } from '../app/view-state.ts';
import { byStatus, compareBy, reorder } from './order.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const row = (key: string, facts: Partial<Instance> = {}): Instance => ({ key, ts: 0, ...facts });
const keys = (rows: readonly Instance[]): string[] => rows.map(({ key }) => key);

describe('the order of the list', () => {
  const gateway = row('g', { host: 'zz', self: true });
  const rows = [
    row('n10', { host: 'node-10', ts: 3_000, lastInputSeconds: 1 }),
    gateway,
    row('n2', { host: 'node-2', ts: 9_000, lastInputSeconds: 60 }),
    row('x', { host: 'X', ts: 5_000 }),
  ];
  const sorted = (sort: 'host' | 'age' | 'input', descending = false): string[] =>
    keys([...rows].sort(compareBy({ sort, descending, collator })));

  it('by host, as people count; the gateway first in both directions', () => {
    expect(sorted('host')).toEqual(['g', 'n2', 'n10', 'x']);
    expect(sorted('host', true)).toEqual(['g', 'x', 'n10', 'n2']);
  });

  it('by age, youngest first; by last input, those that never said last', () => {
    expect(sorted('age')).toEqual(['g', 'n2', 'x', 'n10']);
    expect(sorted('input')).toEqual(['g', 'n10', 'n2', 'x']);
    expect(sorted('input', true)).toEqual(['g', 'n2', 'n10', 'x']);
  });

  it('[PS1] by status, freshest first, in the order that was within each', () => {
    const ages = [
      row('stale', { ts: 0 }),
      row('b', { ts: 390_000 }),
      row('idle', { ts: 200_000 }),
      row('a', { ts: 400_000 }),
    ];
    expect(keys(byStatus(ages, 400_000, false))).toEqual(['b', 'a', 'idle', 'stale']);
    expect(keys(byStatus(ages, 400_000, true))).toEqual(['stale', 'idle', 'b', 'a']);
  });
});

describe('reorder', () => {
  const facts = fc.record({
    host: fc.constantFrom('a', 'b', 'c', 'd'),
    ts: fc.nat(50),
    lastInputSeconds: fc.nat(9),
  });
  const roster = fc.uniqueArray(fc.tuple(fc.nat(30), facts), { selector: ([n]) => n, maxLength: 20 });

  it('gives what sorting afresh gives, whatever changed', () => {
    fc.assert(
      fc.property(
        roster,
        roster,
        fc.constantFrom(...sortKeys),
        fc.boolean(),
        (first, second, sort, descending) => {
          const compare = compareBy({ sort, descending, collator });
          const before = first.map(([n, said]) => row(`r${n}`, said));
          const order = reorder([], before, compare);
          const after = second.map(
            ([n, said]) => before.find(({ key }) => key === `r${n}` && n % 2 === 0) ?? row(`r${n}`, said),
          );
          expect(keys(reorder(order, after, compare))).toEqual(keys([...after].sort(compare)));
        },
      ),
    );
  });

  it('is the same array when nothing changed', () => {
    const compare = compareBy({ sort: 'host', descending: false, collator });
    const order = reorder([], [row('a'), row('b')], compare);
    expect(reorder(order, [...order].reverse(), compare)).toBe(order);
  });
});
