import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import {
  emptyState,
  type Outcome,
  receiveDelta,
  receiveList,
  receiveNow,
  snapshotOf,
} from '../../client/roster-state.ts';
import type { InstanceView } from '../../core/index.ts';
import { sortKeys } from '../../viewer/index.ts';
import { WatchedRows } from './watched-rows.ts';

const nowMs = 1_000_000_000;
const key = fc.integer({ min: 0, max: 40 }).map((n) => `key-${n}`);
const row: fc.Arbitrary<InstanceView> = fc
  .record({
    key,
    ts: fc.integer({ min: nowMs - 400_000, max: nowMs }),
    host: fc.constantFrom('pi-9', 'pi-10', 'Mac', 'café'),
    mode: fc.constantFrom('ui', 'node', 'viewer', undefined),
    ip: fc.constantFrom('192.0.2.1', '192.0.2.2', undefined),
    connections: fc.nat(2),
    isGateway: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
  })
  .map(({ isGateway, mode, ip, ...facts }) => ({
    ...facts,
    firstSeenAtMs: 1,
    sources: {},
    ...(mode && { mode }),
    ...(ip && { ip }),
    ...(isGateway && { self: true as const }),
  }));
const rows = fc.uniqueArray(row, { maxLength: 20, selector: (one) => one.key });
const step = fc.oneof(
  fc.record({ do: fc.constant('delta' as const), rows, remove: fc.array(key, { maxLength: 3 }) }),
  fc.record({ do: fc.constant('tick' as const), later: fc.nat(200_000) }),
);
const past: readonly Instance[] = ['key-50', 'key-51'].map((key) => ({ key, host: key, ts: nowMs - 1 }));
const sections = fc.option(
  fc.boolean().map((unfolded) => ({ unfolded, past, leavesOf: (key: string) => (key === 'key-2' ? 3 : 0) })),
  { nil: undefined },
);
const view = fc.record({
  sections,
  order: fc.record({ by: fc.constantFrom(...sortKeys), descending: fc.boolean() }),
  filter: fc.constantFrom('', 'pi', 'mode:node', '-state:stale', 'state:idle mac'),
});

describe('the rows of a watch', () => {
  it('[PS6] an instance that is back is listed once, and viewers are counted while they are folded', () => {
    const gone: Instance = { key: 'attic', host: 'attic', ts: nowMs - 9_000_000, reason: 'disconnect' };
    const viewer: Instance = { key: 'page', mode: 'viewer', ts: nowMs, connections: 1 };
    const order = { by: 'name', descending: false } as const;
    const watched = new WatchedRows();
    const sectionsOf = (unfolded: boolean) => ({ unfolded, past: [gone], leavesOf: () => 0 });
    watched.read([viewer], { order, filter: '', sections: sectionsOf(false) }, nowMs);
    expect([watched.count, watched.folded]).toEqual([0, { viewers: 1, past: [gone] }]);
    watched.read([viewer], { order, filter: '', sections: sectionsOf(true) }, nowMs);
    expect(watched.spans.map(({ section }) => section)).toEqual(['viewers', 'past']);
    expect(watched.get('attic')).toBe(gone);
    const back: Instance = { key: 'attic', host: 'attic', mode: 'node', ts: nowMs, connections: 1 };
    watched.follow([{ kind: 'join', key: 'attic', instance: back }], []);
    expect(watched.spans).toEqual([
      { section: 'servers', from: 0, count: 1 },
      { section: 'viewers', from: 1, count: 1 },
    ]);
    expect(watched.slice(0, 9)).toEqual([back, viewer]);
  });

  it('[PQ2] equal, after any history, those of a scan over all rows', () => {
    fc.assert(
      fc.property(rows, view, fc.array(step, { maxLength: 12 }), (first, shown, steps) => {
        let state = emptyState;
        let time = nowMs;
        const watched = new WatchedRows();
        const take = (outcome: Outcome): void => {
          const { selves } = state;
          state = outcome.state;
          const changed = new Set<Instance>(outcome.changes.map(({ instance }) => instance));
          const renewed = state.selves === selves ? [] : state.selves.filter((one) => !changed.has(one));
          watched.follow(outcome.changes, renewed);
        };
        state = receiveList(state, { epoch: 'e', version: 1, now: time, instances: first }).state;
        watched.read(snapshotOf(state).instances, shown, time);
        for (const action of steps) {
          if (action.do === 'tick') {
            time += action.later;
            take({ state: receiveNow(state, time), changes: [] });
            watched.tick(snapshotOf(state).instances, time);
          } else {
            const { version } = state;
            const { rows: upsert, remove } = action;
            take(
              receiveDelta(state, { epoch: 'e', from: version, to: version + 1, now: time, upsert, remove }),
            );
          }
          const anew = new WatchedRows();
          const { instances } = snapshotOf(state);
          anew.read(instances, shown, time);
          const listed = watched.slice(0, 1_000);
          expect(listed).toEqual(anew.slice(0, 1_000));
          expect(watched.counts).toEqual(anew.counts);
          expect(watched.spans).toEqual(anew.spans);
          expect(watched.folded).toEqual(anew.folded);
          expect(watched.total).toBe(instances.length);
          for (const [index, one] of listed.entries()) {
            expect(watched.at(index)).toBe(one);
            expect(watched.indexOf(one)).toBe(index);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
