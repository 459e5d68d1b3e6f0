// @vitest-environment jsdom
import fc from 'fast-check';
import { act, createElement, memo, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientState, PresenceClient } from '../client/index.ts';
import { Listeners } from '../client/listeners.ts';
import {
  emptyState,
  type Outcome,
  receiveDelta,
  receiveList,
  receiveNow,
  rowOf,
  snapshotOf,
} from '../client/roster-state.ts';
import type { InstanceView } from '../core/entry.ts';
import { PresenceProvider, useInstance, usePresence, usePresenceState, useServerNow } from './index.ts';
import { RowSelection } from './row-selection.ts';

const row = (key: string, more: Partial<InstanceView> = {}): InstanceView => ({
  key,
  host: key.toUpperCase(),
  ts: 1_000,
  connections: 1,
  firstSeenAtMs: 1,
  sources: {},
  ...more,
});

/** A client without a connection: the test supplies what arrives. */
function offlineClient() {
  const listeners = new Listeners((error) => {
    throw error;
  });
  let roster = emptyState;
  let snapshot = snapshotOf(roster);
  let state: ClientState = { phase: 'connecting', sinceMs: 0 };
  let subscriptions = 0;
  const take = (outcome: Outcome): void => {
    const { selves } = roster;
    roster = outcome.state;
    snapshot = snapshotOf(roster);
    listeners.rosterChanged(outcome.changes, selves === roster.selves ? [] : roster.selves);
  };
  /** Counts listeners, so that a test can check that all are removed. */
  const counted = (stop: () => void): (() => void) => {
    subscriptions += 1;
    return () => {
      subscriptions -= 1;
      stop();
    };
  };
  const client: PresenceClient = {
    start: vi.fn(),
    stop: vi.fn(),
    get state() {
      return state;
    },
    get roster() {
      return snapshot;
    },
    get: (key) => rowOf(roster, key.toLowerCase()),
    subscribe: (listener) => counted(listeners.onAny(listener)),
    onState: (listener) => counted(listeners.onState(listener)),
    onInstance: (key, listener) => counted(listeners.onInstance(key.toLowerCase(), listener)),
    onChanges: (listener) => counted(listeners.onChanges(listener)),
    changes: () => {
      throw new Error('not used here');
    },
    beacon: () => Promise.resolve({ ok: true }),
    request: () => Promise.reject(new Error('offline')),
    serverNowMs: () => Date.now(),
  };
  return {
    client,
    subscriptions: () => subscriptions,
    list(instances: InstanceView[]) {
      take(receiveList(roster, { epoch: 'e', version: roster.version + 1, now: 2_000, instances }));
    },
    change(upsert: InstanceView[], remove: string[] = [], now = 2_000) {
      const { version } = roster;
      take(receiveDelta(roster, { epoch: 'e', from: version, to: version + 1, now, upsert, remove }));
    },
    put(upsert: InstanceView) {
      this.change([upsert]);
    },
    tick(nowMs: number) {
      take({ state: receiveNow(roster, nowMs), changes: [] });
    },
    setState(next: ClientState) {
      state = next;
      listeners.stateChanged(state);
    },
  };
}

describe('React', () => {
  let root: Root;
  let container: HTMLElement;
  let offline: ReturnType<typeof offlineClient>;
  const renders = new Map<string, number>();
  const count = (name: string) => renders.set(name, (renders.get(name) ?? 0) + 1);
  const show = (...children: ReturnType<typeof createElement>[]) =>
    act(() => root.render(createElement(PresenceProvider, { client: offline.client }, ...children)));

  beforeEach(() => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    renders.clear();
    container = document.createElement('div');
    root = createRoot(container);
    offline = offlineClient();
    offline.list([row('a'), row('b')]);
  });
  afterEach(async () => {
    await act(() => root.unmount());
    expect(offline.subscriptions()).toBe(0);
    vi.unstubAllGlobals();
  });

  const Row = memo(({ id }: { id: string }) => {
    count(id);
    return createElement('li', null, useInstance(id)?.host ?? 'nobody');
  });
  const Hosts = () => {
    count('hosts');
    return createElement('p', null, usePresence({ select: ({ host }) => host }).join());
  };
  const Nodes = () => {
    count('nodes');
    return createElement('p', null, String(usePresence({ filter: ({ mode }) => mode === 'node' }).length));
  };
  const Phase = () => {
    count('phase');
    return createElement('p', null, usePresenceState().phase);
  };

  it('renders again only the row that changed', async () => {
    await show(createElement(Row, { id: 'a', key: 'a' }), createElement(Row, { id: 'B', key: 'b' }));
    await act(() => offline.put(row('b', { host: 'new' })));
    expect(container.textContent).toBe('Anew');
    expect(Object.fromEntries(renders)).toEqual({ a: 1, B: 2 });
  });

  it('renders a list again only when what it selects changes', async () => {
    await show(createElement(Hosts), createElement(Nodes));
    await act(() => offline.put(row('a', { lastInputSeconds: 3 })));
    expect(Object.fromEntries(renders)).toEqual({ hosts: 1, nodes: 1 });
    await act(() => offline.put(row('c', { mode: 'node' })));
    expect(container.textContent).toBe('A,B,C1');
    expect(Object.fromEntries(renders)).toEqual({ hosts: 2, nodes: 2 });
  });

  it('renders the state apart from the roster', async () => {
    await show(createElement(Phase), createElement(Hosts));
    await act(() => offline.setState({ phase: 'idle', sinceMs: 1 }));
    await act(() => offline.put(row('a', { host: 'new' })));
    expect(container.textContent).toBe('idlenew,B');
    expect(Object.fromEntries(renders)).toEqual({ phase: 2, hosts: 2 });
  });

  it('follows another key and a row that appears', async () => {
    await show(createElement(Row, { id: 'c' }));
    expect(container.textContent).toBe('nobody');
    await act(() => offline.put(row('c')));
    expect(container.textContent).toBe('C');
    await show(createElement(Row, { id: 'a' }));
    expect(container.textContent).toBe('A');
  });

  it('works in strict mode and on a server', async () => {
    const tree = createElement(PresenceProvider, { client: offline.client }, createElement(Hosts));
    await act(() => root.render(createElement(StrictMode, null, tree)));
    expect(container.textContent).toBe('A,B');
    expect(renderToString(tree)).toBe('<p>A,B</p>');
  });

  it('states what is missing when there is no provider', () => {
    expect(() => renderToString(createElement(Hosts))).toThrow('PresenceProvider');
  });

  it('[PS4] the clock of the gateway ticks', async () => {
    vi.useFakeTimers({ now: 5_000, toFake: ['Date', 'setInterval', 'clearInterval'] });
    const Clock = () => createElement('p', null, String(useServerNow(1_000)));
    await show(createElement(Clock));
    expect(container.textContent).toBe('5000');
    await act(() => vi.advanceTimersByTime(2_000));
    expect(container.textContent).toBe('7000');
    vi.useRealTimers();
  });
});

describe('a selection of rows', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const view = fc
    .record({ key, ts: fc.nat(9), mode: fc.constantFrom('ui', 'node'), isGateway: fc.boolean() })
    .map(({ isGateway, ...facts }) =>
      row(facts.key, { ...facts, ...(isGateway && { self: true as const }) }),
    );
  const rows = fc.uniqueArray(view, { selector: (one) => one.key, maxLength: 5 });
  const step = fc.oneof(
    fc.record({
      do: fc.constant('change' as const),
      rows,
      remove: fc.array(key, { maxLength: 2 }),
      now: fc.nat(20),
    }),
    fc.record({ do: fc.constantFrom('list' as const, 'leave' as const, 'return' as const), rows }),
    fc.record({ do: fc.constant('tick' as const), now: fc.nat(20) }),
  );

  it('equals the filtered roster after any history, followed or not', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const offline = offlineClient();
        const filter = ({ mode, ts }: { mode?: string; ts: number }) => mode === 'node' && ts % 3 > 0;
        let shown: readonly unknown[] = [];
        let seen = 0;
        const selection = new RowSelection(offline.client, { filter }, () => shown);
        let stop = selection.subscribe(() => {
          seen += 1;
        });
        for (const action of steps) {
          const before = { shown, seen };
          if (action.do === 'change') offline.change(action.rows, action.remove, action.now);
          if (action.do === 'list') offline.list(action.rows);
          if (action.do === 'tick') offline.tick(action.now);
          if (action.do === 'leave') stop();
          if (action.do === 'return') {
            stop();
            stop = selection.subscribe(() => {
              seen += 1;
            });
          }
          shown = selection.items();
          expect(shown).toEqual(offline.client.roster.instances.filter((one) => filter(one)));
          if (
            shown.every((one, index) => one === before.shown[index]) &&
            shown.length === before.shown.length
          )
            expect(shown).toBe(before.shown);
        }
        stop();
      }),
      { numRuns: 300 },
    );
  });
});

it('a thousand components that show one row each: a change calls only those it concerns', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const offline = offlineClient();
  offline.list(Array.from({ length: 1_000 }, (_, index) => row(`row-${index}`)));
  const reads = vi.spyOn(offline.client, 'get');
  const root = createRoot(document.createElement('div'));
  const One = ({ id }: { id: string }) => createElement('li', null, useInstance(id)?.host);
  const all = Array.from({ length: 1_000 }, (_, index) =>
    createElement(One, { id: `row-${index}`, key: index }),
  );
  await act(() => root.render(createElement(PresenceProvider, { client: offline.client }, ...all)));
  reads.mockClear();
  await act(() => offline.put(row('row-7', { host: 'new' })));
  const called = new Set(reads.mock.calls.map(([key]) => key));
  await act(() => root.unmount());
  vi.unstubAllGlobals();
  expect([...called]).toEqual(['row-7']);
});
