import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceView } from '../core/entry.ts';
import type { Instance, InstanceChange } from './instance.ts';
import { missedSomething, receiveDelta, receiveList, type Sync, type SyncOutcome } from './sync.ts';
import { emptyView, releaseHeld } from './view.ts';
import type { PresenceDelta } from './wire.ts';

/** A row that a gateway sends; `self` marks the gateway's own. */
const row = (key: string, ts: number, more: Partial<InstanceView> = {}): InstanceView => ({
  key,
  ts,
  connections: 1,
  firstSeenAtMs: 1,
  sources: {},
  ...more,
});

/** A gateway that remembers every version of its roster, so that a viewer can be held against the one it claims to show. */
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
    this.rows = new Map([['gateway', row('gateway', 0, { self: true, mode: 'gateway' })]]);
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

/** A viewer, and somebody who believes only the changes it tells. */
class Viewer {
  sync: Sync = { view: emptyView };
  asks = false;
  told = new Map<string, Instance>();

  take(outcome: SyncOutcome): void {
    this.asks ||= outcome.ask;
    this.sync = outcome.sync;
    this.hear(outcome.changes);
  }

  hear(changes: readonly InstanceChange[]): void {
    for (const change of changes) {
      if (change.kind === 'update' && change.previousKey) this.told.delete(change.previousKey);
      if (change.kind === 'join' && this.told.has(change.key)) throw new Error(`joined twice: ${change.key}`);
      if (change.kind === 'leave' && !this.told.has(change.key)) throw new Error(`never came: ${change.key}`);
      if (change.kind === 'leave') this.told.delete(change.key);
      else this.told.set(change.key, change.instance);
    }
  }
}

/** Rows without what only tells how fresh the gateway itself is. */
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

describe('sync', () => {
  it('[PE3] whatever is dropped, repeated or reordered, shows a true version and ends in the newest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const gateway = new ModelGateway();
        const viewer = new Viewer();
        let inFlight: PresenceDelta[] = [];

        const connect = (): void => {
          const first = gateway.everything();
          inFlight = [first];
          viewer.asks = false;
          viewer.sync = { view: viewer.sync.view };
          viewer.take(receiveDelta(viewer.sync, first));
        };
        const answer = (): void => {
          if (!viewer.asks) return;
          viewer.asks = false;
          viewer.take(receiveList(viewer.sync, gateway.list()));
        };
        const showsTheTruth = (): void => {
          const { view } = viewer.sync;
          expect(shown(viewer.told)).toEqual(shown(view.rows));
          expect(view.instances.map(({ key }) => key).sort()).toEqual([...view.rows.keys()].sort());
          const believed = new Map([...view.rows].filter(([key]) => !view.held.has(key)));
          expect(view.epoch).toBe(gateway.epoch);
          expect(shown(believed)).toEqual(shown(gateway.history.get(view.version) ?? new Map()));
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
            if (delta && action.do !== 'drop') viewer.take(receiveDelta(viewer.sync, delta));
          } else if ('key' in action)
            inFlight.push(gateway.change((rows) => edit(rows, action, gateway.now())));
          showsTheTruth();
        }
        viewer.take(missedSomething(viewer.sync));
        while (viewer.asks) answer();
        const released = releaseHeld(viewer.sync.view);
        viewer.hear(released.changes);
        expect(shown(released.view.rows)).toEqual(shown(gateway.rows));
        expect(shown(viewer.told)).toEqual(shown(gateway.rows));
      }),
      { numRuns: 500 },
    );
  });

  it('deltas wait while the list is under way, and come after it', () => {
    const gateway = new ModelGateway();
    const first = receiveDelta({ view: emptyView }, gateway.everything());
    gateway.change((rows) => rows.set('lost', row('lost', 1)));
    const missed = receiveDelta(
      first.sync,
      gateway.change((rows) => rows.set('b', row('b', 2))),
    );
    expect(missed).toMatchObject({ ask: true, changes: [] });
    const list = gateway.list();
    const waits = receiveDelta(
      missed.sync,
      gateway.change((rows) => rows.set('c', row('c', 3))),
    );
    expect(waits).toMatchObject({ ask: false, changes: [] });
    const after = receiveList(waits.sync, list);
    expect(after.ask).toBe(false);
    expect([...after.sync.view.rows.keys()].sort()).toEqual(['b', 'c', 'gateway', 'lost']);
  });

  it('a flood while the list is under way needs no room: it is asked for once more', () => {
    const gateway = new ModelGateway();
    let outcome = missedSomething(receiveDelta({ view: emptyView }, gateway.everything()).sync);
    const list = gateway.list();
    for (let count = 0; count < 1_000; count += 1) {
      outcome = receiveDelta(
        outcome.sync,
        gateway.change((rows) => rows.set('a', row('a', count))),
      );
    }
    expect(outcome.sync.waiting?.length).toBeLessThanOrEqual(256);
    outcome = receiveList(outcome.sync, list);
    expect(outcome.ask).toBe(true);
    outcome = receiveList(outcome.sync, gateway.list());
    expect(outcome).toMatchObject({ ask: false, sync: { view: { version: gateway.version } } });
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
      row(action.key, now, { host: `h${action.host}`, deviceId, mode: 'ui', firstSeenAtMs }),
    );
  } else if (found && !rows.has(action.to)) {
    rows.delete(action.key);
    rows.set(action.to, { ...found, key: action.to, ts: now });
  }
}
