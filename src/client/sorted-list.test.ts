import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedList } from './sorted-list.ts';

interface Item {
  readonly id: number;
  readonly text: string;
}

const byId = (a: Item, b: Item): number => a.id - b.id;
const ids = fc.array(fc.nat(2_000), { maxLength: 20 });
const edits = fc.array(fc.record({ remove: ids, add: ids }), { maxLength: 30 });

describe('SortedList', () => {
  it('equals a map that is sorted, at every step, and earlier lists stay as they were', () => {
    fc.assert(
      fc.property(fc.nat(1_500), edits, (size, steps) => {
        const first = Array.from({ length: size }, (_, id) => ({ id, text: 'first' }));
        let list = SortedList.of(byId, first);
        const plain = new Map(first.map((item) => [item.id, item]));
        const history: [SortedList<Item>, readonly Item[]][] = [];
        for (const [index, { remove, add }] of steps.entries()) {
          const added = [...new Set(add)].map((id) => ({ id, text: `step ${index}` }));
          history.push([list, list.toArray()]);
          list = list.change(
            remove.map((id) => ({ id, text: '' })),
            added,
          );
          for (const id of remove) plain.delete(id);
          for (const item of added) plain.set(item.id, item);
          expect(list.toArray()).toEqual([...plain.values()].sort(byId));
          expect(list.size).toBe(plain.size);
          const sorted = list.toArray();
          const from = (index * 97) % (size + 1);
          expect(list.slice(from, 300)).toEqual(sorted.slice(from, from + 300));
          for (const id of [...remove, ...add])
            expect(list.indexOf({ id, text: '' })).toBe(sorted.findIndex((item) => item.id === id));
          for (const id of [...remove, ...add]) expect(list.find({ id, text: '' })).toBe(plain.get(id));
        }
        for (const [former, items] of history) expect([...former]).toEqual(items);
      }),
      { numRuns: 100 },
    );
  });
});
