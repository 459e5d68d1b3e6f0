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
    mode: fc.constantFrom('ui', 'node', undefined),
    connections: fc.nat(2),
    isGateway: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
  })
  .map(({ isGateway, mode, ...facts }) => ({
    ...facts,
    firstSeenAtMs: 1,
    sources: {},
    ...(mode && { mode }),
    ...(isGateway && { self: true as const }),
  }));
const rows = fc.uniqueArray(row, { maxLength: 20, selector: (one) => one.key });
const step = fc.oneof(
  fc.record({ do: fc.constant('delta' as const), rows, remove: fc.array(key, { maxLength: 3 }) }),
  fc.record({ do: fc.constant('tick' as const), later: fc.nat(200_000) }),
);
const view = fc.record({
  order: fc.record({ by: fc.constantFrom(...sortKeys), descending: fc.boolean() }),
  filter: fc.constantFrom('', 'pi', 'mode:node', '-state:stale', 'state:idle mac'),
});

describe('the rows of a watch', () => {
  it('[PQ2] are, after any history, those that one gets by looking at all of them', () => {
    fc.assert(
      fc.property(rows, view, fc.array(step, { maxLength: 12 }), (first, shown, steps) => {
        let state = emptyState;
        let time = nowMs;
        const watched = new WatchedRows();
        const take = (outcome: Outcome): void => {
          const { selves } = state;
          state = outcome.state;
          const told = new Set<Instance>(outcome.changes.map(({ instance }) => instance));
          const renewed = state.selves === selves ? [] : state.selves.filter((one) => !told.has(one));
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
