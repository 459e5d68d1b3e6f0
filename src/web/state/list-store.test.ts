import { computed, signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { en } from '../i18n/en.ts';
import { enLater } from '../i18n/en-later.ts';
import { surveyOf } from './attention.ts';
import { facetsOf } from './facets.ts';
import type { PastInstance } from './history.ts';
import { createListStore } from './list-store.ts';
import { createSearch } from './search.ts';
import { readViewState } from './view-state.ts';

const english = { ...en, ...enLater };

const nowMs = 1_000_000;
const row = (key: string, facts: Partial<Instance> = {}): Instance => ({
  key,
  host: key,
  ts: nowMs,
  ...facts,
});

function listOf(query: string, ...rows: Instance[]) {
  const instances = signal<readonly Instance[]>(rows);
  const view = signal(readViewState(query));
  const past = signal<readonly PastInstance[]>([]);
  const list = createListStore({
    instances,
    nowMs: signal(nowMs),
    view,
    collator: signal(new Intl.Collator('en')),
    search: signal(createSearch(english)),
    survey: computed(() => surveyOf(instances.value, nowMs, () => 0)),
    past,
  });
  const show = (...next: Instance[]): void => {
    instances.value = next;
  };
  return { show, view, list, past, keys: () => list.items.value.map(({ key }) => key) };
}

it('orders, filters and counts', () => {
  const rows = [
    row('b', { mode: 'ui' }),
    row('a', { mode: 'node', roles: ['node'] }),
    row('c', { mode: 'ui' }),
  ];
  const { list, keys } = listOf('?mode=ui&group=none', ...rows);
  expect(keys()).toEqual(['b', 'c']);
  const facets = facetsOf(list.ordered.value, list.choice.value);
  expect(facets.mode).toEqual([
    { word: 'node', count: 1, chosen: false },
    { word: 'ui', count: 2, chosen: true },
  ]);
  expect(facets.role).toEqual([]);
});

it('[PS5] a row whose connection closed is chosen by its state, and by no other', () => {
  const rows = [
    row('here', { connections: 1 }),
    row('left', { connections: 0, disconnectedAtMs: nowMs }),
    row('beacon', { connections: 0 }),
  ];
  expect(listOf('?group=none&state=disconnected', ...rows).keys()).toEqual(['left']);
  expect(listOf('?group=none&state=online', ...rows).keys()).toEqual(['here']);
  expect(listOf('?group=none&status=active', ...rows).keys()).toEqual(['beacon', 'here']);
});

it('[F10] the instances of one computer are in one line that opens', () => {
  const vm = { host: 'vm', ip: '192.0.2.2' };
  const { keys, list } = listOf(
    '',
    row('gateway', { ...vm, mode: 'gateway', self: true }),
    row('beacon', { ...vm, mode: 'cli' }),
    row('agent', { ...vm, host: 'VM', mode: 'node' }),
    row('other', { mode: 'node' }),
  );
  const machine = 'machine host vm 192.0.2.2';
  expect(keys()).toEqual(['section people', machine, 'section servers', 'gateway', 'other']);
  list.toggle(machine);
  expect(keys()).toEqual([
    'section people',
    machine,
    'beacon',
    'agent',
    'section servers',
    'gateway',
    'other',
  ]);
});

it.each([
  ['macbook macos', ['a']],
  ['mac15,6', ['a']],
  ['macbook linux', []],
  ['disconnected', ['c']],
  ['reporting', ['a', 'b']],
  ['heartbeat', ['b']],
  ['basement', ['b']],
  ['service', ['c']],
  ['state:reporting -heartbeat', ['a']],
] as const)('finds %j in what is shown and in what was said: %j', (text, expected) => {
  const rows = [
    row('a', { modelIdentifier: 'Mac15,6', platform: 'macos 15.1', connections: 0 }),
    row('b', { platform: 'linux', connections: 0, text: 'sensor in the basement', reason: 'periodic' }),
    row('c', { mode: 'backend', connections: 0, disconnectedAtMs: nowMs }),
  ];
  const query = new URLSearchParams({ q: text, group: 'none' });
  expect(listOf(`?${query}`, ...rows).keys()).toEqual(expected);
});

it('holds the positions of rows while the pointer or the focus is in the list: new ones at the end, removed ones stay', () => {
  const { show, list, keys } = listOf('?group=none', row('b'), row('c'));
  expect(keys()).toEqual(['b', 'c']);
  list.hold('pointer', true);
  show(row('a'), row('c'));
  expect(keys()).toEqual(['b', 'c', 'a']);
  expect(list.items.value[0]).toMatchObject({ key: 'b', gone: true });
  expect(list.isHeld.value).toBe(true);
  list.hold('focus', true);
  list.hold('pointer', false);
  expect(keys()).toEqual(['b', 'c', 'a']);
  list.hold('focus', false);
  expect(keys()).toEqual(['a', 'c']);
  expect(list.isHeld.value).toBe(false);
});

it('another sort or group order releases held positions', () => {
  const { show, view, list, keys } = listOf('?group=none', row('b'), row('c'));
  expect(keys()).toEqual(['b', 'c']);
  list.hold('focus', true);
  show(row('a'), row('b'), row('c'));
  expect(keys()).toEqual(['b', 'c', 'a']);
  list.sortNow();
  expect(keys()).toEqual(['a', 'b', 'c']);
  view.value = readViewState('?sort=-name&group=none');
  expect(keys()).toEqual(['c', 'b', 'a']);
});

describe('groups', () => {
  it('by machine: rows of one computer are together and can be closed', () => {
    const rows = [row('a', { deviceId: 'd' }), row('b'), row('c', { deviceId: 'd' })];
    const { list, keys } = listOf('?group=device', ...rows);
    expect(keys()).toEqual(['machine device d', 'a', 'c', 'b']);
    list.toggle('machine device d');
    expect(keys()).toEqual(['machine device d', 'b']);
  });

  it('by machine: host and address identify the device where no id is known', () => {
    const here = { host: 'vm', ip: '192.0.2.1' };
    expect(listOf('?group=device', row('a', here), row('b', { ...here, host: 'VM' })).keys()).toEqual([
      'machine host vm 192.0.2.1',
      'a',
      'b',
    ]);
  });

  const office = [
    row('gw', { self: true, mode: 'gateway', connections: 0 }),
    row('left', { mode: 'ui', connections: 0, disconnectedAtMs: nowMs - 5 }),
    row('mac', { mode: 'ui', connections: 1, deviceId: 'd' }),
    row('mac-node', { mode: 'node', connections: 1, deviceId: 'd' }),
    row('page', { mode: 'viewer', connections: 1 }),
  ];

  it('usually: attention, people with their machines in one line, servers, viewers closed', () => {
    const { keys, list } = listOf('', ...office);
    expect(keys()).toEqual([
      'section attention',
      'left',
      'section people',
      'machine device d',
      'section servers',
      'gw',
      'section viewers',
    ]);
    list.toggle('section viewers');
    list.toggle('section servers');
    expect(keys().slice(4)).toEqual(['section servers', 'section viewers', 'page']);
  });

  it('a filter opens everything, so that no match is hidden', () => {
    expect(listOf('?q=mac', ...office).keys()).toEqual([
      'section people',
      'machine device d',
      'mac',
      'mac-node',
    ]);
    expect(listOf('?q=page', ...office).keys()).toEqual(['section viewers', 'page']);
  });

  it('while positions are held a row keeps its section, and new rows go to the end', () => {
    const { show, list, keys } = listOf('', ...office.slice(0, 3));
    const before = keys();
    list.hold('pointer', true);
    const gone = { ...row('mac', { mode: 'ui', connections: 0, disconnectedAtMs: nowMs }), deviceId: 'd' };
    show(...office.slice(0, 2), gone, row('new', { mode: 'ui', connections: 1 }));
    expect(keys()).toEqual([...before, 'section arrived', 'new']);
    list.hold('pointer', false);
    expect(keys()).toEqual([
      'section attention',
      'left',
      'mac',
      'section people',
      'new',
      'section servers',
      'gw',
    ]);
  });

  it('instances that left today are at the end, closed', () => {
    const { past, list, keys } = listOf('', ...office.slice(0, 1));
    past.value = [{ key: 'x', name: 'x', last: { id: 1, at: 5, kind: 'left', key: 'x' } }];
    expect(keys()).toEqual(['section servers', 'gw', 'section past']);
    list.toggle('section past');
    expect(keys().at(-1)).toBe('x');
  });
});
