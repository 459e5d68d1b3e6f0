import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { sortKeys } from '../../viewer/index.ts';
import { compareBy, reorder } from './order.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const row = (key: string, facts: Partial<Instance> = {}): Instance => ({ key, ts: 0, ...facts });
const keys = (rows: readonly Instance[]): string[] => rows.map(({ key }) => key);

it('pinned rows go first, after the gateway that answers', () => {
  const rows = [row('a'), row('z', { annotations: { pin: true } } as object), row('g', { self: true })];
  const order = compareBy({ by: 'name', descending: false, collator });
  expect(keys([...rows].sort(order))).toEqual(['g', 'z', 'a']);
});

describe('reorder', () => {
  const facts = fc.record({
    host: fc.constantFrom('a', 'b', 'c', 'd'),
    ts: fc.nat(50),
    lastInputSeconds: fc.nat(9),
  });
  const roster = fc.uniqueArray(fc.tuple(fc.nat(30), facts), { selector: ([n]) => n, maxLength: 20 });

  it('equals a full sort, whatever changed', () => {
    fc.assert(
      fc.property(
        roster,
        roster,
        fc.constantFrom(...sortKeys),
        fc.boolean(),
        (first, second, by, descending) => {
          const compare = compareBy({ by, descending, collator });
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
    const compare = compareBy({ by: 'name', descending: false, collator });
    const order = reorder([], [row('a'), row('b')], compare);
    expect(reorder(order, [...order].reverse(), compare)).toBe(order);
  });
});
