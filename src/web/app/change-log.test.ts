import { expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { changedFields } from '../detail/changed-fields.ts';
import { createChangeLog } from './change-log.ts';

const row = (key: string, facts: Partial<Instance> = {}): Instance => ({ key, ts: 0, ...facts });
const joined = (key: string) => ({ kind: 'join', key, instance: row(key) }) as const;

it('keeps the newest few of each instance, for the most recent instances', () => {
  const log = createChangeLog({ perInstance: 2, instances: 2 });
  for (const [at, key] of ['a', 'b', 'b', 'b', 'c'].entries()) log.add(joined(key), at);
  expect(log.of('a')).toEqual([]);
  expect(log.of('b').map(({ atMs }) => atMs)).toEqual([3, 2]);
  expect(log.of('c')).toHaveLength(1);
});

it('[PK8] follows a row to its new key', () => {
  const log = createChangeLog();
  log.add(joined('old'), 1);
  log.add({ kind: 'update', key: 'new', previousKey: 'old', previous: row('old'), instance: row('new') }, 2);
  expect(log.of('old')).toEqual([]);
  expect(log.of('new').map(({ atMs }) => atMs)).toEqual([2, 1]);
});

it('names the fields that are different, not those that only say when', () => {
  const previous = row('a', { ts: 1, reason: 'connect', roles: ['node'], lastInputSeconds: 4 });
  const instance = row('a', { ts: 2, reason: 'periodic', roles: ['node'] });
  expect(changedFields({ kind: 'update', key: 'a', previous, instance })).toEqual([
    { name: 'reason', value: 'periodic' },
    { name: 'lastInputSeconds' },
  ]);
  expect(changedFields({ kind: 'update', key: 'a', previous, instance: { ...previous, ts: 9 } })).toEqual([]);
});
