import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowMap } from './row-map.ts';

/** Two strings of one hash, of which longer ones can be made by the same ending. */
const twins = ['costarring', 'liquid'];

const key = fc.oneof(
  fc.nat(400).map((n) => `row-${n}`),
  fc.tuple(fc.constantFrom(...twins), fc.nat(20)).map(([twin, n]) => `${twin}${n}`),
  fc.string({ maxLength: 3 }),
);
const step = fc.record({ key, isGone: fc.boolean() });

describe('RowMap', () => {
  it('equals a Map at every step, and earlier maps stay as they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 300 }), fc.array(step), (keys, steps) => {
        const first = keys.map((name) => ({ key: name, step: 0 }));
        const plain = new Map(first.map((row) => [row.key, row]));
        const start = RowMap.of(first);
        let map = start;
        for (const [index, { key: name, isGone }] of steps.entries()) {
          const row = { key: name, step: index + 1 };
          map = isGone ? map.without(name) : map.with(row);
          if (isGone) plain.delete(name);
          else plain.set(name, row);
        }
        for (const { key: name } of [...first, ...steps]) expect(map.get(name)).toBe(plain.get(name));
        for (const row of first) expect(start.get(row.key)).toBe(row);
      }),
    );
  });

  it('keeps rows apart whose keys have one hash', () => {
    const rows = twins.map((twin, n) => ({ key: `${twin}0`, n }));
    const many = [...rows, ...Array.from({ length: 2_000 }, (_, n) => ({ key: `k${n}`, n }))];
    const map = many.reduce((all, row) => all.with(row), RowMap.of<{ key: string; n: number }>());
    for (const row of many) expect(map.get(row.key)).toBe(row);
    expect(map.without('costarring0').get('liquid0')).toBe(rows[1]);
  });
});
