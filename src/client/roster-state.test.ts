import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceView, PresenceEntry } from '../core/entry.ts';
import type { Instance, InstanceChange } from './instance.ts';
import {
  disconnect,
  emptyState,
  missedSomething,
  type Outcome,
  type RosterState,
  receiveDelta,
  receiveFullList,
  receiveList,
  receiveNow,
  releaseHeld,
  rowOf,
  snapshotOf,
} from './roster-state.ts';
import type { PresenceDelta } from './wire.ts';

/** Rows of a state by key, in the order of its snapshot. */
const rowsOf = (state: RosterState): Map<string, Instance> =>
  new Map(snapshotOf(state).instances.map((found) => [found.key, found]));
const keysOf = (state: RosterState): string[] => [...rowsOf(state).keys()];
const keysHeld = (state: RosterState): string[] => [...state.held];

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
const start = receiveList(emptyState, list([self, row('a'), row('b')])).state;

describe('a roster state', () => {
  it('[PW6] shows self first, then newest first', () => {
    const { state } = receiveList(emptyState, list([row('old', { ts: 1 }), self, row('new', { ts: 9 })]));
    expect(keysOf(state)).toEqual(['gateway', 'new', 'old']);
  });

  it('[PE2] a delta takes out what left and puts in what came', () => {
    const { state, changes } = receiveDelta(start, delta(5, 6, [row('c')], ['a']));
    expect(changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['leave a', 'join c']);
    expect(state).toMatchObject({ version: 6, nowMs: 3_000 });
  });

  it('[PE2] a delta that was applied already changes nothing', () => {
    expect(receiveDelta(start, delta(4, 5, [row('c')]))).toEqual({ state: start, changes: [] });
  });

  it('[PE2] a delta that overlaps the state is applied', () => {
    const { state } = receiveDelta(start, delta(3, 7, [row('b', { host: 'x' }), row('c')]));
    expect(keysOf(state).sort()).toEqual(['a', 'b', 'c', 'gateway']);
  });

  it.each([
    ['a later from', delta(6, 7, [])],
    ['another epoch', delta(5, 6, [], [], { epoch: 'other' })],
  ])('[PE3] %s needs the list and shows nothing false', (_, missed) => {
    expect(receiveDelta(start, missed)).toEqual({
      state: { ...start, waiting: [missed] },
      changes: [],
      ask: true,
    });
  });

  it('[PE3] from 0 replaces the view, and rows that did not change keep their identity', () => {
    const all = [self, structuredClone(row('a')), row('b', { host: 'new' })];
    const { state, changes } = receiveDelta(start, delta(0, 9, all));
    expect(rowOf(state, 'a')).toBe(rowOf(start, 'a'));
    expect(changes).toMatchObject([{ kind: 'update', key: 'b', previous: { key: 'b' } }]);
  });

  it('an old list and an old from 0 of this run change nothing', () => {
    const { state } = receiveDelta(start, delta(5, 6, [row('c')]));
    expect(receiveList(state, list([self]))).toEqual({ state, changes: [] });
    expect(receiveDelta(state, delta(0, 5, [self]))).toEqual({ state, changes: [] });
  });

  it('[PK8] a row that moved to a new key is one update', () => {
    const phone = { deviceId: 'd', mode: 'webchat' };
    const { state } = receiveDelta(start, delta(5, 6, [row('tab-1', phone)]));
    const { changes } = receiveDelta(state, delta(6, 7, [row('tab-2', phone)], ['tab-1']));
    expect(changes).toMatchObject([{ kind: 'update', key: 'tab-2', previousKey: 'tab-1' }]);
  });

  it.each([
    ['device', { deviceId: 'other', mode: 'webchat' }],
    ['mode', { deviceId: 'd', mode: 'node' }],
    ['first moment', { deviceId: 'd', mode: 'webchat', firstSeenAtMs: 501 }],
  ])('[PK8] a row of another %s did not move', (_, other) => {
    const { state } = receiveDelta(start, delta(5, 6, [row('tab-1', { deviceId: 'd', mode: 'webchat' })]));
    const { changes } = receiveDelta(state, delta(6, 7, [row('tab-2', other)], ['tab-1']));
    expect(changes.map(({ kind }) => kind)).toEqual(['leave', 'join']);
  });

  it('[PR2] the self row is as fresh as whatever was received last, which is no change for people', () => {
    const { state, changes } = receiveDelta(start, delta(5, 6, [row('a', { host: 'new' })]));
    expect(rowOf(state, 'gateway')).toMatchObject({ self: true, ts: 3_000 });
    expect(changes.map(({ key }) => key)).toEqual(['a']);
    const later = receiveNow(state, 4_000);
    expect(rowOf(later, 'gateway')).toMatchObject({ self: true, ts: 4_000 });
    expect(rowOf(later, 'a')).toBe(rowOf(state, 'a'));
  });

  it('[PE3] rows of a former run stay until they are released or come back', () => {
    const restarted = receiveDelta(start, delta(0, 1, [self, row('b', { ts: 2 })], [], { epoch: 'next' }));
    expect(restarted.changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['update b']);
    const more = { epoch: 'next' };
    const returned = receiveDelta(restarted.state, delta(1, 2, [row('a', { ts: 3 })], [], more));
    expect(returned.changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(['update a']);
    expect(releaseHeld(returned.state).changes).toEqual([]);
    expect(releaseHeld(restarted.state).changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });

  it('[PE3] within one run, what left while away has left', () => {
    const { changes } = receiveDelta(start, delta(0, 9, [self, row('b')]));
    expect(changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });
});

describe('a roster state of full lists', () => {
  const gateway: PresenceEntry = { mode: 'gateway', reason: 'self', instanceId: 'G', ts: 9 };
  const first = receiveFullList(emptyState, {
    entries: [gateway, { instanceId: ' A ', ts: 5 }],
    version: 3,
    nowMs: 10,
    first: true,
  }).state;

  it('keys entries by the first name they have', () => {
    expect(keysOf(first)).toEqual(['g', 'a']);
    expect(rowOf(first, 'g')).toMatchObject({ self: true });
  });

  it('an older event changes nothing, an answer without a version is newest', () => {
    expect(receiveFullList(first, { entries: [], version: 3, nowMs: 11 }).state).toBe(first);
    const { changes } = receiveFullList(first, { entries: [gateway], nowMs: 11 });
    expect(changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
  });

  it('[PE3] the first list of a later connection holds what is missing, whatever its version', () => {
    const again = receiveFullList(first, { entries: [gateway], version: 1, nowMs: 11, first: true });
    expect(again.changes).toEqual([]);
    expect(keysHeld(again.state)).toEqual(['a']);
    expect(releaseHeld(again.state).changes).toMatchObject([{ kind: 'leave', key: 'a' }]);
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
        let state = first;
        const told = new Set(keysOf(state));
        for (const index of [...order, lists.length - 1]) {
          const newest = lists[index % lists.length] ?? [];
          const version = 4 + (index % lists.length);
          const outcome = receiveFullList(state, { entries: newest, version, nowMs: 20 });
          for (const { kind, key } of outcome.changes) kind === 'leave' ? told.delete(key) : told.add(key);
          expect(outcome.state.version).toBeGreaterThanOrEqual(state.version);
          state = outcome.state;
          expect([...told].sort()).toEqual(keysOf(state).sort());
        }
        const last = lists.at(-1) ?? [];
        const shownEntries = snapshotOf(state).instances.map(({ key: _, ...entry }) => entry);
        expect(shownEntries).toEqual(expect.arrayContaining(last));
        expect(shownEntries).toHaveLength(last.length);
      }),
    );
  });
});

const timed = (key: string, ts: number, more: Partial<InstanceView> = {}): InstanceView =>
  row(key, { ts, firstSeenAtMs: 1, ...more });

/** A gateway that keeps every version of its roster, so that a viewer can be compared with the version that it shows. */
class ModelGateway {
  epoch = 'run-0';
  version = 0;
  rows = new Map<string, InstanceView>();
  history = new Map<number, Map<string, InstanceView>>();
  #moments = 1_000;

  constructor() {
    this.restart();
  }

  now(): number {
    this.#moments += 1;
    return this.#moments;
  }

  restart(): void {
    this.epoch = `run-${this.#moments}`;
    this.version = 1;
    this.rows = new Map([['gateway', timed('gateway', 0, { self: true, mode: 'gateway' })]]);
    this.history = new Map([[1, new Map(this.rows)]]);
  }

  change(edit: (rows: Map<string, InstanceView>) => void): PresenceDelta {
    const before = new Map(this.rows);
    edit(this.rows);
    this.version += 1;
    this.history.set(this.version, new Map(this.rows));
    const upsert = [...this.rows.values()].filter((found) => before.get(found.key) !== found);
    const remove = [...before.keys()].filter((key) => !this.rows.has(key));
    return { epoch: this.epoch, from: this.version - 1, to: this.version, now: this.now(), upsert, remove };
  }

  everything(): PresenceDelta {
    const upsert = [...this.rows.values()];
    return { epoch: this.epoch, from: 0, to: this.version, now: this.now(), upsert, remove: [] };
  }

  list() {
    const { epoch, version } = this;
    return { epoch, version, now: this.now(), instances: [...this.rows.values()] };
  }
}

/** A client's state, and a reader that applies only the changes that it reports. */
class Follower {
  state: RosterState = emptyState;
  asks = false;
  told = new Map<string, Instance>();

  take({ state, changes, ask = false }: Outcome): void {
    this.asks ||= ask;
    this.state = state;
    this.#apply(changes);
  }

  #apply(changes: readonly InstanceChange[]): void {
    for (const change of changes) {
      if (change.kind === 'update' && change.previousKey) this.told.delete(change.previousKey);
      if (change.kind === 'join' && this.told.has(change.key)) throw new Error(`joined twice: ${change.key}`);
      if (change.kind === 'leave' && !this.told.has(change.key)) throw new Error(`never came: ${change.key}`);
      if (change.kind === 'leave') this.told.delete(change.key);
      else this.told.set(change.key, change.instance);
    }
  }
}

/** Rows without the moments of the gateway's own row. */
const shown = (rows: ReadonlyMap<string, Instance>) =>
  Object.fromEntries([...rows].map(([key, found]) => [key, found.self ? { ...found, ts: 0 } : found]).sort());

const keyOf = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const place = fc.nat(7);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('upsert' as const), key: keyOf, host: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), key: keyOf }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), key: keyOf, to: keyOf }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('deliver' as const, 'repeat' as const, 'drop' as const),
      place,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reconnect' as const, 'restart' as const) }) },
);

describe('following a gateway', () => {
  it('[PE3] whatever is dropped, repeated or reordered, shows a true version and ends in the newest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const gateway = new ModelGateway();
        const follower = new Follower();
        let inFlight: PresenceDelta[] = [];

        const connect = (): void => {
          const first = gateway.everything();
          inFlight = [first];
          follower.asks = false;
          follower.state = disconnect(follower.state);
          follower.take(receiveDelta(follower.state, first));
        };
        const answer = (): void => {
          if (!follower.asks) return;
          follower.asks = false;
          follower.take(receiveList(follower.state, gateway.list()));
        };
        const showsTheTruth = (): void => {
          const { state } = follower;
          const rows = rowsOf(state);
          expect(shown(follower.told)).toEqual(shown(rows));
          for (const [key, found] of rows) expect(rowOf(state, key)).toBe(found);
          const believed = new Map([...rows].filter(([key]) => !state.held.find(key)));
          expect(state.epoch).toBe(gateway.epoch);
          expect(shown(believed)).toEqual(shown(gateway.history.get(state.version) ?? new Map()));
        };

        connect();
        for (const action of steps) {
          if (action.do === 'restart') gateway.restart();
          if (action.do === 'restart' || action.do === 'reconnect') connect();
          else if (action.do === 'answer') answer();
          else if ('place' in action) {
            const index = action.place % Math.max(1, inFlight.length);
            const delta = inFlight[index];
            if (action.do !== 'repeat') inFlight.splice(index, 1);
            if (delta && action.do !== 'drop') follower.take(receiveDelta(follower.state, delta));
          } else if ('key' in action)
            inFlight.push(gateway.change((rows) => edit(rows, action, gateway.now())));
          showsTheTruth();
        }
        follower.take(missedSomething(follower.state));
        while (follower.asks) answer();
        follower.take(releaseHeld(follower.state));
        expect(shown(rowsOf(follower.state))).toEqual(shown(gateway.rows));
        expect(shown(follower.told)).toEqual(shown(gateway.rows));
      }),
      { numRuns: 500 },
    );
  });

  it('deltas wait while the list is requested, and are applied after it', () => {
    const gateway = new ModelGateway();
    const first = receiveDelta(emptyState, gateway.everything());
    gateway.change((rows) => rows.set('lost', timed('lost', 1)));
    const missed = receiveDelta(
      first.state,
      gateway.change((rows) => rows.set('b', timed('b', 2))),
    );
    expect(missed).toMatchObject({ ask: true, changes: [] });
    const list = gateway.list();
    const waits = receiveDelta(
      missed.state,
      gateway.change((rows) => rows.set('c', timed('c', 3))),
    );
    expect(waits).toMatchObject({ changes: [] });
    const after = receiveList(waits.state, list);
    expect(after.ask).toBeUndefined();
    expect(keysOf(after.state).sort()).toEqual(['b', 'c', 'gateway', 'lost']);
  });

  it('too many deltas while the list is requested are dropped, and the list is requested once more', () => {
    const gateway = new ModelGateway();
    let outcome = missedSomething(receiveDelta(emptyState, gateway.everything()).state);
    const list = gateway.list();
    for (let count = 0; count < 1_000; count += 1) {
      outcome = receiveDelta(
        outcome.state,
        gateway.change((rows) => rows.set('a', timed('a', count))),
      );
    }
    expect(outcome.state.waiting?.length).toBeLessThanOrEqual(256);
    outcome = receiveList(outcome.state, list);
    expect(outcome.ask).toBe(true);
    outcome = receiveList(outcome.state, gateway.list());
    expect(outcome).toMatchObject({ state: { live: true, version: gateway.version } });
  });
});

type Edit =
  | { do: 'upsert'; key: string; host: number }
  | { do: 'remove'; key: string }
  | { do: 'move'; key: string; to: string };

function edit(rows: Map<string, InstanceView>, action: Edit, now: number): void {
  const found = rows.get(action.key);
  if (action.do === 'remove') rows.delete(action.key);
  else if (action.do === 'upsert') {
    const { firstSeenAtMs } = found ?? { firstSeenAtMs: now };
    const deviceId = `device-${action.key}`;
    rows.set(
      action.key,
      timed(action.key, now, { host: `h${action.host}`, deviceId, mode: 'ui', firstSeenAtMs }),
    );
  } else if (found && !rows.has(action.to)) {
    rows.delete(action.key);
    rows.set(action.to, { ...found, key: action.to, ts: now });
  }
}
