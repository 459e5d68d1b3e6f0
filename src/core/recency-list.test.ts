import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecencyList, type RecencyNode } from './recency-list.ts';

describe('RecencyList', () => {
  it('[PT5] knows both ends', () => {
    const list = new RecencyList<string>();
    expect([list.size, list.oldest, list.newest]).toEqual([0, undefined, undefined]);
    list.add('a');
    list.add('b');
    expect([list.size, list.oldest, list.newest]).toEqual([2, 'a', 'b']);
  });

  it('[PT5] moves a renewed value to the newest end', () => {
    const list = new RecencyList<string>();
    const a = list.add('a');
    const b = list.add('b');
    list.renew(a);
    expect([...list.newestFirst()]).toEqual(['a', 'b']);
    list.renew(a);
    expect([...list.newestFirst()]).toEqual(['a', 'b']);
    list.remove(a);
    list.remove(b);
    expect([...list.newestFirst()]).toEqual([]);
  });

  it('[PT5] behaves like an array, whatever is done to it', () => {
    const step = fc.record({ do: fc.constantFrom('add', 'renew', 'remove'), at: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const list = new RecencyList<number>();
        let nodes: RecencyNode<number>[] = [];
        for (const [value, { do: action, at }] of steps.entries()) {
          const node = nodes[at];
          if (action === 'add') nodes.push(list.add(value));
          else if (node !== undefined) {
            nodes = nodes.filter((other) => other !== node);
            if (action === 'renew') nodes.push(node);
            list[action === 'renew' ? 'renew' : 'remove'](node);
          }
          const values = nodes.map((known) => known.value);
          expect([...list.newestFirst()]).toEqual(values.toReversed());
          expect([list.size, list.oldest, list.newest]).toEqual([values.length, values[0], values.at(-1)]);
        }
      }),
    );
  });
});
