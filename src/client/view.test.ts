import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceView, PresenceEntry } from '../core/entry.ts';
import { applyDelta, applyFullList, applyList, applyNow, emptyView, releaseHeld } from './view.ts';

const row = (key: string, more: Partial<InstanceView> = {}): InstanceView => ({
  key,
  ts: 1_000,
  connections: 1,
  firstSeenAtMs: 500,
  sources: {},
  ...more,
});
const self = row('gateway', { self: true, mode: 'gateway', reason: 'self' });
const list = (instances: InstanceView[], more = {}) => ({
  epoch: 'e',
  version: 5,
  now: 2_000,
  instances,
  ...more,
});
const delta = (from: number, to: number, upsert: InstanceView[], remove: string[] = [], more = {}) => ({
  epoch: 'e',
  from,
  to,
  now: 3_000,
  upsert,
  remove,
  ...more,
});
const start = applyList(emptyView, list([self, row('a'), row('b')])).view;

describe('view', () => {
  it('[PW6] shows self first, then newest first', () => {
    const { view } = applyList(emptyView, list([row('old', { ts: 1 }), self, row('new', { ts: 9 })]));
    expect(view.instances.map(({ key }) => key)).toEqual(['gateway', 'new', 'old']);
  });

  it('[PE2] a delta takes out what left and puts in what came', () => {
    const { view, changes } = applyDelta(start, delta(5, 6, [row('c')], ['a']));
    expect(changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['leave a', 'join c']);
    expect(view).toMatchObject({ version: 6, nowMs: 3_000 });
  });

  it('[PE2] a delta that is known already changes nothing', () => {
    expect(applyDelta(start, delta(4, 5, [row('c')]))).toEqual({ view: start, changes: [] });
  });

  it('[PE2] a delta that overlaps what is known is applied', () => {
    const { view } = applyDelta(start, delta(3, 7, [row('b', { host: 'x' }), row('c')]));
    expect([...view.rows.keys()].sort()).toEqual(['a', 'b', 'c', 'gateway']);
  });

  it.each([
    ['a later from', delta(6, 7, [])],
    ['another epoch', delta(5, 6, [], [], { epoch: 'other' })],
  ])('[PE3] %s needs the list and shows nothing false', (_, missed) => {
    expect(applyDelta(start, missed)).toEqual({ view: start, changes: [], needs: 'list' });
  });

  it('[PE3] from 0 replaces the view, and rows that did not change keep their identity', () => {
    const all = [self, structuredClone(row('a')), row('b', { host: 'new' })];
    const { view, changes } = applyDelta(start, delta(0, 9, all));
    expect(view.rows.get('a')).toBe(start.rows.get('a'));
    expect(changes).toMatchObject([{ kind: 'update', key: 'b', previous: { key: 'b' } }]);
  });

  it('an old list and an old from 0 of this run change nothing', () => {
    const { view } = applyDelta(start, delta(5, 6, [row('c')]));
    expect(applyList(view, list([self])).view).toBe(view);
    expect(applyDelta(view, delta(0, 5, [self])).view).toBe(view);
  });

  it('[PK8] a row that moved to a new key is one update', () => {
    const phone = { deviceId: 'd', mode: 'webchat' };
    const { view } = applyDelta(start, delta(5, 6, [row('tab-1', phone)]));
    const { changes } = applyDelta(view, delta(6, 7, [row('tab-2', phone)], ['tab-1']));
    expect(changes).toMatchObject([{ kind: 'update', key: 'tab-2', previousKey: 'tab-1' }]);
  });

  it.each([
    ['device', { deviceId: 'other', mode: 'webchat' }],
    ['mode', { deviceId: 'd', mode: 'node' }],
    ['first moment', { deviceId: 'd', mode: 'webchat', firstSeenAtMs: 501 }],
  ])('[PK8] a row of another %s did not move', (_, other) => {
    const { view } = applyDelta(start, delta(5, 6, [row('tab-1', { deviceId: 'd', mode: 'webchat' })]));
    const { changes } = applyDelta(view, delta(6, 7, [row('tab-2', other)], ['tab-1']));
    expect(changes.map(({ kind }) => kind)).toEqual(['leave', 'join']);
  });

  it('[PR2] the self row is as fresh as whatever was received last, which is no change for people', () => {
    const { view, changes } = applyDelta(start, delta(5, 6, [row('a', { host: 'new' })]));
    expect(view.instances[0]).toMatchObject({ self: true, ts: 3_000 });
    expect(changes.map(({ key }) => key)).toEqual(['a']);
    const later = applyNow(view, 4_000);
    expect(later.instances[0]).toMatchObject({ self: true, ts: 4_000 });
    expect(later.rows.get('a')).toBe(view.rows.get('a'));
  });

  it('[PE3] rows of a former run stay until they are released or come back', () => {
    const restarted = applyDelta(start, delta(0, 1, [self, row('b', { ts: 2 })], [], { epoch: 'next' }));
    expect(restarted.changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['update b']);
    const more = { epoch: 'next' };
    const returned = applyDelta(restarted.view, delta(1, 2, [row('a', { ts: 3 })], [], more));
    expect(returned.changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['update a']);
    expect(releaseHeld(returned.view).changes).toEqual([]);
    expect(releaseHeld(restarted.view).changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });

  it('[PE3] within one run, what left while away has left', () => {
    const { changes } = applyDelta(start, delta(0, 9, [self, row('b')]));
    expect(changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });
});

describe('view of full lists', () => {
  const gateway: PresenceEntry = { mode: 'gateway', reason: 'self', instanceId: 'G', ts: 9 };
  const first = applyFullList(emptyView, {
    entries: [gateway, { instanceId: ' A ', ts: 5 }],
    version: 3,
    nowMs: 10,
    first: true,
  }).view;

  it('keys entries by the first name they have', () => {
    expect([...first.rows.keys()]).toEqual(['g', 'a']);
    expect(first.rows.get('g')).toMatchObject({ self: true });
  });

  it('an older event changes nothing, an answer without a version is newest', () => {
    expect(applyFullList(first, { entries: [], version: 3, nowMs: 11 }).view).toBe(first);
    const { changes } = applyFullList(first, { entries: [gateway], nowMs: 11 });
    expect(changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });

  it('[PE3] the first list of a later connection holds what is missing, whatever its version', () => {
    const again = applyFullList(first, { entries: [gateway], version: 1, nowMs: 11, first: true });
    expect(again.changes).toEqual([]);
    expect([...again.view.held]).toEqual(['a']);
    expect(releaseHeld(again.view).changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });

  it('always ends in the newest list, whatever is dropped, repeated or reordered before it', () => {
    const entries = fc.uniqueArray(
      fc.record({
        instanceId: fc.constantFrom('a', 'b', 'c', 'd'),
        host: fc.constantFrom('x', 'y'),
        ts: fc.nat(9),
      }),
      { selector: ({ instanceId }) => instanceId },
    );
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1 }), fc.array(fc.nat(20)), (lists, order) => {
        let view = first;
        const told = new Set(view.rows.keys());
        for (const index of [...order, lists.length - 1]) {
          const newest = lists[index % lists.length] ?? [];
          const version = 4 + (index % lists.length);
          const outcome = applyFullList(view, { entries: newest, version, nowMs: 20 });
          for (const { kind, key } of outcome.changes) kind === 'leave' ? told.delete(key) : told.add(key);
          expect(outcome.view.version).toBeGreaterThanOrEqual(view.version);
          view = outcome.view;
          expect([...told].sort()).toEqual([...view.rows.keys()].sort());
        }
        const last = lists.at(-1) ?? [];
        expect([...view.rows.values()].map(({ key: _, ...entry }) => entry)).toEqual(
          expect.arrayContaining(last),
        );
        expect(view.rows.size).toBe(last.length);
      }),
    );
  });
});
