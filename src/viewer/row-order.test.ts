import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byState, compareRows, type NamedRow, type RowOrder, sortKeys, sortRows } from './row-order.ts';

const nowMs = 1_000_000_000;
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const rows: readonly NamedRow[] = [
  { key: 'gw', host: 'Zed', mode: 'gateway', ts: nowMs - 400_000, self: true, connections: 0 },
  { key: 'cam', host: 'camera', mode: 'node', ts: nowMs - 10_000, connections: 1 },
  { key: 'web', host: 'Board', ts: nowMs - 130_000, lastInputSeconds: 5, connections: 3 },
  {
    key: 'old',
    host: 'x',
    mode: 'ui',
    ts: nowMs - 301_000,
    lastInputSeconds: 900,
    reason: 'disconnect',
    annotations: { name: 'attic' },
  },
];

const keysBy = (by: RowOrder['by'], descending = false): string =>
  sortRows(rows, { by, descending, collator }, nowMs)
    .map(({ key }) => key)
    .join(' ');

describe('the order of rows', () => {
  it.each([
    ['age', 'gw cam web old'],
    ['name', 'gw old web cam'],
    ['state', 'gw cam web old'],
    ['mode', 'gw cam old web'],
    ['input', 'gw web old cam'],
    ['connections', 'gw web cam old'],
  ] as const)('by %s: the gateway that answers first, rows without the value last', (by, keys) => {
    expect(keysBy(by)).toBe(keys);
  });

  it('reversed leaves the gateway first and rows without the value last', () => {
    expect(keysBy('input', true)).toBe('gw old web cam');
    expect(keysBy('name', true)).toBe('gw cam web old');
    expect(keysBy('state', true)).toBe('gw old web cam');
  });

  it('does not depend on the order before, and stays as it is', () => {
    const orders = fc.record({ by: fc.constantFrom(...sortKeys), descending: fc.boolean() });
    fc.assert(
      fc.property(orders, fc.shuffledSubarray([...rows], { minLength: rows.length }), (order, shuffled) => {
        const sorted = sortRows(shuffled, { ...order, collator }, nowMs);
        expect(sorted).toEqual(sortRows(rows, { ...order, collator }, nowMs));
        expect(byState(sorted, nowMs, false)).toHaveLength(rows.length);
        if (order.by !== 'state')
          expect(sorted.toSorted(compareRows({ ...order, collator }))).toEqual(sorted);
      }),
    );
  });
});
