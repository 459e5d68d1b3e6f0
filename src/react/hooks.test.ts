// @vitest-environment jsdom
import { act, createElement, memo, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientState, PresenceClient } from '../client/index.ts';
import { applyDelta, applyList, emptyView, type RosterView } from '../client/view.ts';
import type { InstanceView } from '../core/entry.ts';
import { PresenceProvider, useInstance, usePresence, usePresenceState, useServerNow } from './index.ts';

const row = (key: string, more: Partial<InstanceView> = {}): InstanceView => ({
  key,
  host: key.toUpperCase(),
  ts: 1_000,
  connections: 1,
  firstSeenAtMs: 1,
  sources: {},
  ...more,
});

/** A client without a connection: the test says what arrives. */
function offlineClient() {
  const listeners = new Set<() => void>();
  let view: RosterView = emptyView;
  let state: ClientState = { phase: 'connecting', sinceMs: 0 };
  let roster = { instances: view.instances, version: 0, nowMs: 0, live: true };
  const show = (next: RosterView): void => {
    view = next;
    roster = { instances: view.instances, version: view.version, nowMs: view.nowMs, live: true };
    for (const listener of listeners) listener();
  };
  const client: PresenceClient = {
    start: vi.fn(),
    stop: vi.fn(),
    get state() {
      return state;
    },
    get roster() {
      return roster;
    },
    get: (key) => view.rows.get(key.toLowerCase()),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    changes: () => {
      throw new Error('not used here');
    },
    beacon: () => Promise.resolve({ ok: true }),
    request: () => Promise.reject(new Error('offline')),
    serverNowMs: () => Date.now(),
  };
  return {
    client,
    listeners,
    list(instances: InstanceView[]) {
      show(applyList(view, { epoch: 'e', version: view.version + 1, now: 2_000, instances }).view);
    },
    put(upsert: InstanceView) {
      const { version } = view;
      const change = { epoch: 'e', from: version, to: version + 1, now: 2_000, upsert: [upsert], remove: [] };
      show(applyDelta(view, change).view);
    },
    setState(next: ClientState) {
      state = next;
      for (const listener of listeners) listener();
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
    expect(offline.listeners.size).toBe(0);
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

  it('says what is missing when there is no provider', () => {
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
