import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import { type Rank, type Ranked, RankedRows } from './ranked-rows.ts';
import type { RecencyNode } from './recency-list.ts';

interface TestRow extends Ranked<TestRow> {
  readonly key: string;
  rank: Rank | undefined;
  age: number;
}

const isNewer = (a: TestRow, b: TestRow): boolean => (a.age === b.age ? a.key > b.key : a.age < b.age);
const ranking = { rankOf: ({ rank }: TestRow) => rank, isNewer };

function row(key: string, age: number, rank: Rank = 'quiet'): TestRow {
  return { key, age, rank, isListed: false, place: undefined };
}

function rankedRows(room: number, rows: readonly TestRow[]): RankedRows<TestRow> {
  const ranked = new RankedRows(room, ranking);
  for (const one of rows) change(ranked, one, {});
  return ranked;
}

/** Gives a row another age or rank and places it. */
function change(ranked: RankedRows<TestRow>, changed: TestRow, to: Partial<TestRow>): readonly string[] {
  Object.assign(changed, to);
  ranked.place(changed);
  return ranked.settle().map(({ key }) => key);
}

const keysOf = (ranked: RankedRows<TestRow>): string[] => [...ranked.newestFirst()].map(({ key }) => key);

/** What is listed by the words of PT3. */
function expectedKeys(rows: readonly TestRow[], room: number): string[] {
  const newestFirst = [...rows].sort((a, b) => (isNewer(a, b) ? -1 : 1));
  const of = (rank: Rank) => newestFirst.filter((one) => one.rank === rank);
  const pinned = of('pinned');
  const others = [...of('live'), ...of('quiet')].slice(0, Math.max(0, room - pinned.length));
  const listed = new Set([...pinned, ...others]);
  return newestFirst.filter((one) => listed.has(one)).map(({ key }) => key);
}

describe('rows in order of freshness', () => {
  it('[PT5] a row that is as old as before keeps its place, wherever that is', () => {
    const rows = [5, 4, 3, 2, 1].map((age) => row(`r${age}`, age));
    const ranked = rankedRows(3, rows);
    const places = rows.map(({ place }): RecencyNode<TestRow> | undefined => place);
    for (const one of rows) expect(change(ranked, one, {})).toEqual([]);
    expect(rows.map(({ place }) => place)).toEqual(places);
    expect(keysOf(ranked)).toEqual(['r1', 'r2', 'r3']);
  });

  it('[PT3] a row that is newer, older, or connected moves, over the border of what is listed too', () => {
    const [a, b, c, d, e] = [row('a', 5), row('b', 4), row('c', 3), row('d', 2), row('e', 1)] as const;
    const ranked = rankedRows(3, [a, b, c, d, e]);
    expect(change(ranked, b, { age: 0 })).toEqual(['c']);
    expect(keysOf(ranked)).toEqual(['b', 'e', 'd']);
    expect(change(ranked, e, { age: 4 })).toEqual(['c']);
    expect(keysOf(ranked)).toEqual(['b', 'd', 'c']);
    expect(change(ranked, a, { rank: 'live' })).toEqual(['c']);
    expect(keysOf(ranked)).toEqual(['b', 'd', 'a']);
  });

  it('[PT3] a live row that waits is listed as soon as a quiet one can make room', () => {
    const [a, b, c] = [row('a', 1, 'live'), row('b', 2, 'live'), row('c', 3, 'live')] as const;
    const ranked = rankedRows(2, [a, b, c]);
    expect([keysOf(ranked), ranked.hasRoomForLive]).toEqual([['a', 'b'], false]);
    expect(change(ranked, b, { rank: 'quiet' })).toEqual(['b', 'c']);
    expect(keysOf(ranked)).toEqual(['a', 'c']);
  });

  it('[PT3] the first of those that wait is the next', () => {
    const [a, b, c] = [row('a', 1, 'live'), row('b', 2, 'live'), row('c', 3, 'live')] as const;
    const ranked = rankedRows(1, [a, b, c]);
    ranked.wait(c);
    ranked.remove(a);
    expect(ranked.settle()).toEqual([c]);
    expect(keysOf(ranked)).toEqual(['c']);
  });

  it('[PT3] whatever happened before: pinned rows, then the newest live ones, then the newest others are listed', () => {
    const key = fc.integer({ min: 0, max: 9 });
    const rank = fc.constantFrom<(Rank | undefined)[]>('pinned', 'live', 'quiet', undefined);
    const step = fc.oneof(
      fc.record({ key, rank, age: fc.integer({ min: -20, max: 20 }) }),
      fc.record({ room: fc.integer({ min: -2, max: 2 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.array(step, { maxLength: 60 }), (firstRoom, steps) => {
        let room = firstRoom;
        const ranked = new RankedRows(room, ranking);
        const rows = Array.from({ length: 10 }, (_, index) => ({
          ...row(`r${index}`, 0),
          rank: undefined as Rank | undefined,
        }));
        for (const next of steps) {
          const before = new Set(keysOf(ranked));
          if ('room' in next) {
            const more = Math.max(next.room, -room);
            room += more;
            ranked.addRoom(more);
          } else {
            const changed = rows[next.key];
            if (changed === undefined) throw new Error('no such row');
            Object.assign(changed, { rank: next.rank, age: next.age });
            ranked.place(changed);
          }
          const crossed = ranked.settle();
          const listed = keysOf(ranked);
          expect(listed).toEqual(expectedKeys(rows, room));
          expect(ranked.size).toBe(listed.length);
          const newlyListed = listed.filter((one) => !before.has(one));
          const changedKey = 'room' in next ? undefined : `r${next.key}`;
          const entered = crossed.filter(({ isListed }) => isListed).map((one) => one.key);
          expect(newlyListed.filter((one) => one !== changedKey && !entered.includes(one))).toEqual([]);
          expect(ranked.oldestListed?.key).toBe(listed.at(-1));
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
