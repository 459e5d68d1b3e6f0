import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from './history.ts';
import { netOf } from './since-visit.ts';

let id = 0;
const entry = (at: number, kind: string, key: string, more: Partial<HistoryEntry> = {}): HistoryEntry => {
  id += 1;
  return { id, at, kind, key, host: key, ...more };
};
const keys = (entries: readonly HistoryEntry[]): string[] => entries.map(({ key }) => key).sort();

describe('what happened since the last visit', () => {
  const entries = [
    entry(9, 'changed', 'new', { current: { version: '2' } }),
    entry(8, 'returned', 'blink'),
    entry(7, 'left', 'blink'),
    entry(6, 'changed', 'old', { current: { version: '2' } }),
    entry(5, 'left', 'gone'),
    entry(4, 'joined', 'new'),
    entry(1, 'joined', 'before'),
  ];

  it('is one kind for each instance', () => {
    const net = netOf(entries, 2, 10);
    expect(keys(net.joined)).toEqual(['new']);
    expect(keys(net.left)).toEqual(['gone']);
    expect(keys(net.flickered)).toEqual(['blink']);
    expect(keys(net.updated)).toEqual(['old']);
  });

  it('ends where the current visit began', () => {
    expect(keys(netOf(entries, 2, 4).left)).toEqual([]);
  });

  it('joined and left are never the same instance, and equal the difference between the two moments', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.nat(20), (moves, from) => {
        const here = new Set<string>();
        let atFrom = new Set<string>();
        const log: HistoryEntry[] = [];
        for (const [index, [key]] of moves.entries()) {
          if (index === from) atFrom = new Set(here);
          log.unshift(entry(index + 1, here.has(key) ? 'left' : 'joined', key));
          if (!here.delete(key)) here.add(key);
        }
        if (moves.length <= from) atFrom = new Set(here);
        const net = netOf(log, from, 100);
        expect(keys(net.joined)).toEqual([...here].filter((key) => !atFrom.has(key)).sort());
        expect(keys(net.left)).toEqual([...atFrom].filter((key) => !here.has(key)).sort());
      }),
    );
  });
});
