import { expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { nodeNews } from './news.ts';

const node = (facts: Partial<Instance> = {}): Instance => ({
  key: 'n',
  host: 'forge',
  ts: 0,
  roles: ['node'],
  connections: 1,
  ...facts,
});
const gone = node({ connections: 0, disconnectedAtMs: 5, roles: ['node'] });

it('announces when a node connects, leaves and returns; once each', () => {
  expect(nodeNews({ kind: 'join', key: 'n', instance: node() })).toMatchObject({
    what: 'connected',
    name: 'forge',
  });
  expect(nodeNews({ kind: 'update', key: 'n', previous: node(), instance: gone })).toMatchObject({
    what: 'gone',
  });
  expect(nodeNews({ kind: 'leave', key: 'n', instance: gone })).toBeUndefined();
  expect(nodeNews({ kind: 'update', key: 'n', previous: gone, instance: node() })).toMatchObject({
    what: 'connected',
  });
  expect(nodeNews({ kind: 'update', key: 'n', previous: node(), instance: node({ ts: 9 }) })).toBeUndefined();
});

it('announces neither other modes nor a node that only a beacon describes', () => {
  expect(
    nodeNews({ kind: 'join', key: 'n', instance: node({ roles: ['operator'], mode: 'ui' }) }),
  ).toBeUndefined();
  expect(nodeNews({ kind: 'join', key: 'n', instance: node({ connections: 0 }) })).toBeUndefined();
});
