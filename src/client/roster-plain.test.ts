import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceView } from '../core/entry.ts';
import type { Instance } from './instance.ts';
import {
  disconnect,
  emptyState,
  type Outcome,
  receiveDelta,
  receiveList,
  receiveNow,
  releaseHeld,
  rowOf,
  snapshotOf,
} from './roster-state.ts';

/** The same roster done plainly: a map that is copied and sorted as a whole at every input. */
class PlainRoster {
  epoch = '';
  version = 0;
  nowMs = 0;
  rows = new Map<string, Instance>();
  held = new Set<string>();

  list(epoch: string, version: number, nowMs: number, rows: readonly Instance[]): void {
    if (epoch === this.epoch && version < this.version) return;
    const next = new Map(rows.map((found) => [found.key, found]));
    const mayStay = epoch === this.epoch ? this.held : new Set(this.rows.keys());
    const held = [...this.rows.values()].filter(
      ({ key, self }) => mayStay.has(key) && !self && !next.has(key),
    );
    for (const found of held) next.set(found.key, found);
    Object.assign(this, { epoch, version, rows: next, held: new Set(held.map(({ key }) => key)) });
    this.now(nowMs);
  }

  delta(
    from: number,
    to: number,
    nowMs: number,
    upsert: readonly Instance[],
    remove: readonly string[],
  ): void {
    if (from > this.version || to <= this.version) return;
    const touched = [...remove, ...upsert.map(({ key }) => key)];
    for (const key of touched) {
      this.rows.delete(key);
      this.held.delete(key);
    }
    for (const found of upsert) this.rows.set(found.key, found);
    this.version = to;
    this.now(nowMs);
  }

  now(nowMs: number): void {
    this.nowMs = nowMs;
    for (const [key, found] of this.rows) if (found.self) this.rows.set(key, { ...found, ts: nowMs });
  }

  release(): void {
    for (const key of this.held) this.rows.delete(key);
    this.held.clear();
  }

  sorted(): readonly Instance[] {
    return [...this.rows.values()].sort(
      (a, b) => Number(b.self ?? false) - Number(a.self ?? false) || b.ts - a.ts || (a.key < b.key ? -1 : 1),
    );
  }
}

const key = fc.integer({ min: 0, max: 600 }).map((n) => `key-${n}`);
const row: fc.Arbitrary<InstanceView> = fc
  .record({
    key,
    ts: fc.nat(50),
    host: fc.constantFrom('a', 'b'),
    isGateway: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
  })
  .map(({ isGateway, ...found }) => ({
    ...found,
    connections: 1,
    firstSeenAtMs: 1,
    sources: {},
    ...(isGateway && { self: true as const }),
  }));
const rows = (maxLength: number) => fc.uniqueArray(row, { maxLength, selector: (found) => found.key });
const nowMs = fc.nat(100);
const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('delta' as const),
      nowMs,
      upsert: rows(6),
      remove: fc.array(key, { maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), nowMs, upsert: rows(200) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('list' as const), nowMs, upsert: rows(200) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('tick' as const, 'release' as const), nowMs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const), nowMs }) },
);

describe('a roster state', () => {
  it('[PE3] equals the plain roster at every step of any history, and reports every difference', () => {
    fc.assert(
      fc.property(rows(200), fc.array(step, { maxLength: 25 }), (first, steps) => {
        const plain = new PlainRoster();
        let state = emptyState;
        let epoch = 'run 0';
        const told = new Map<string, Instance>();
        const take = (outcome: Outcome): void => {
          state = outcome.state;
          for (const change of outcome.changes) {
            if (change.kind === 'update') expect(told.get(change.previousKey ?? change.key)).toBeDefined();
            if (change.kind === 'leave') told.delete(change.key);
            else told.set(change.key, change.instance);
          }
        };
        const list = (version: number, now: number, instances: readonly InstanceView[]): void => {
          plain.list(epoch, version, now, instances);
          take(receiveList(state, { epoch, version, now, instances }));
        };
        list(1, 0, first);
        for (const [index, action] of steps.entries()) {
          const version = state.version;
          if (action.do === 'delta') {
            plain.delta(version, version + 1, action.nowMs, action.upsert, action.remove);
            const { upsert, remove, nowMs: now } = action;
            take(receiveDelta(state, { epoch, from: version, to: version + 1, now, upsert, remove }));
          } else if (action.do === 'tick') {
            plain.now(action.nowMs);
            take({ state: receiveNow(state, action.nowMs), changes: [] });
          } else if (action.do === 'release') {
            plain.release();
            take(releaseHeld(state));
          } else if (action.do === 'restart' || action.do === 'list') {
            if (action.do === 'restart') epoch = `run ${index + 1}`;
            list(version + 1, action.nowMs, action.upsert);
          } else state = disconnect(state);
          const { instances } = snapshotOf(state);
          expect(instances).toEqual(plain.sorted());
          expect([...state.held]).toEqual([...plain.held].sort());
          for (const found of instances) expect(rowOf(state, found.key)).toBe(found);
          expect([...told.keys()].sort()).toEqual([...plain.rows.keys()].sort());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps the object of every row that did not change, and earlier snapshots as they were', () => {
    const before = receiveList(emptyState, {
      epoch: 'e',
      version: 1,
      now: 1,
      instances: ['a', 'b', 'c'].map((name) => ({
        key: name,
        ts: 1,
        connections: 1,
        firstSeenAtMs: 1,
        sources: {},
      })),
    }).state;
    const snapshot = snapshotOf(before);
    const upsert = [{ key: 'b', ts: 2, connections: 1, firstSeenAtMs: 1, sources: {}, rack: 'new field' }];
    const after = receiveDelta(before, { epoch: 'e', from: 1, to: 2, now: 2, upsert, remove: ['c'] }).state;
    expect(snapshotOf(after).instances).toEqual([upsert[0], rowOf(before, 'a')]);
    expect(rowOf(after, 'a')).toBe(rowOf(before, 'a'));
    expect(snapshot.instances.map(({ key: name }) => name)).toEqual(['a', 'b', 'c']);
  });
});
