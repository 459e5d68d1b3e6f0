import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IndexNode, RecencyIndex } from './device-index.ts';

const keys = ['a', 'b'] as const;

describe('RecencyIndex', () => {
  it('[PT5] behaves like a list per key, whatever is done to it', () => {
    const step = fc.record({ value: fc.nat({ max: 5 }), key: fc.constantFrom('a', 'b', undefined) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const index = new RecencyIndex<number>();
        const nodes = new Map<number, IndexNode<number> | undefined>();
        let oldestFirst: { readonly value: number; readonly key: string }[] = [];
        for (const { value, key } of steps) {
          nodes.set(value, index.place(nodes.get(value), key, value));
          oldestFirst = oldestFirst.filter((other) => other.value !== value);
          if (key !== undefined) oldestFirst.push({ value, key });
          for (const one of keys)
            expect(index.newest(one)).toBe(oldestFirst.findLast((other) => other.key === one)?.value);
        }
      }),
    );
  });
});
