import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import type { Instance, RosterSnapshot } from '../../client/index.ts';
import { readViewState } from '../app/view-state.ts';
import { createListStore } from './list-store.ts';

const nowMs = 1_000_000;
const row = (key: string, facts: Partial<Instance> = {}): Instance => ({
  key,
  host: key,
  ts: nowMs,
  ...facts,
});
const snapshot = (...instances: Instance[]): RosterSnapshot => ({ instances, version: 1, nowMs, live: true });

function listOf(search: string, ...rows: Instance[]) {
  const roster = signal(snapshot(...rows));
  const view = signal(readViewState(search));
  const list = createListStore({
    roster,
    nowMs: signal(nowMs),
    view,
    collator: signal(new Intl.Collator('en')),
  });
  return { roster, view, list, keys: () => list.items.value.map(({ key }) => key) };
}

it('orders, filters and counts', () => {
  const rows = [
    row('b', { mode: 'ui' }),
    row('a', { mode: 'node', roles: ['node'] }),
    row('c', { mode: 'ui' }),
  ];
  const { list, keys } = listOf('?mode=ui', ...rows);
  expect(keys()).toEqual(['b', 'c']);
  expect(list.selection.value.facets.mode).toEqual([
    { word: 'node', count: 1, chosen: false },
    { word: 'ui', count: 2, chosen: true },
  ]);
  expect(list.selection.value.facets.role).toEqual([]);
});

it('finds by every word, in what is shown and in what was said', () => {
  const rows = [
    row('a', { modelIdentifier: 'Mac15,6', platform: 'macos 15.1' }),
    row('b', { platform: 'linux' }),
  ];
  expect(listOf('?q=macbook+macOS', ...rows).keys()).toEqual(['a']);
  expect(listOf('?q=mac15,6', ...rows).keys()).toEqual(['a']);
  expect(listOf('?q=macbook+linux', ...rows).keys()).toEqual([]);
});

it('holds the places of rows while somebody is in the list: new ones at the end, gone ones stay', () => {
  const { roster, list, keys } = listOf('', row('b'), row('c'));
  expect(keys()).toEqual(['b', 'c']);
  list.hold('pointer', true);
  roster.value = snapshot(row('a'), row('c'));
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

it('a new arrangement by the person frees held places', () => {
  const { roster, view, list, keys } = listOf('', row('b'), row('c'));
  expect(keys()).toEqual(['b', 'c']);
  list.hold('focus', true);
  roster.value = snapshot(row('a'), row('b'), row('c'));
  expect(keys()).toEqual(['b', 'c', 'a']);
  list.sortNow();
  expect(keys()).toEqual(['a', 'b', 'c']);
  view.value = readViewState('?sort=-name');
  expect(keys()).toEqual(['c', 'b', 'a']);
});

it('groups the rows of one device, and closes a group', () => {
  const { list, keys } = listOf(
    '?group=device',
    row('a', { deviceId: 'd' }),
    row('b'),
    row('c', { deviceId: 'd' }),
  );
  expect(keys()).toEqual(['device d', 'a', 'c', 'b']);
  list.toggleGroup('device d');
  expect(keys()).toEqual(['device d', 'b']);
});
