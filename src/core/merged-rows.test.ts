import { describe, expect, it } from 'vitest';
import { type MergedRow, MergedRows } from './merged-rows.ts';

function row(key: string, ts: number, connections = 0): MergedRow {
  const view = { key, ts, connections, firstSeenAtMs: ts, sources: {} };
  return { key, registers: [], view, isGateway: false, isListed: false, place: undefined };
}

/** Gives a row another view and places it; true when it kept its place in the list. */
function keeps(rows: MergedRows, changed: MergedRow, more: Partial<MergedRow['view']>): boolean {
  const { place, view } = changed;
  if (view !== undefined) changed.view = { ...view, ...more };
  rows.place(changed);
  return changed.place === place;
}

const keysOf = (rows: MergedRows): string[] => [...rows.newestFirst()].map(({ key }) => key);

describe('rows in order of freshness', () => {
  it('[PT5] a row that changes and is as old as before keeps its place, wherever that is', () => {
    const rows = new MergedRows(3);
    const all = [1, 2, 3, 4, 5].map((ts) => row(`r${ts}`, ts));
    for (const one of all) rows.place(one);
    for (const one of all) expect(keeps(rows, one, { unreachableSinceMs: 9 })).toBe(true);
    expect(keysOf(rows)).toEqual(['r5', 'r4', 'r3']);
  });

  it('[PT3] a row that is newer, older, or connected moves, over the border of what is listed too', () => {
    const rows = new MergedRows(3);
    const [first, second, third, fourth, fifth] = [1, 2, 3, 4, 5].map((ts) => row(`r${ts}`, ts));
    for (const one of [first, second, third, fourth, fifth]) if (one !== undefined) rows.place(one);
    if (second === undefined || fifth === undefined || first === undefined) throw new Error('no rows');
    expect(keeps(rows, second, { ts: 6 })).toBe(false);
    expect(keysOf(rows)).toEqual(['r2', 'r5', 'r4']);
    expect(keeps(rows, fifth, { ts: 2 })).toBe(false);
    expect(keysOf(rows)).toEqual(['r2', 'r4', 'r3']);
    expect(keeps(rows, first, { connections: 1 })).toBe(false);
    expect(keysOf(rows)).toEqual(['r2', 'r4', 'r1']);
  });
});
