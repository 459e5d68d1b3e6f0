import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { type RowOrder, sortInstances, sortNames } from './row-order.ts';

const nowMs = 1_000_000_000;
const rows: readonly Instance[] = [
  { key: 'gw', host: 'Zed', mode: 'gateway', ts: nowMs - 400_000, self: true, connections: 0 },
  { key: 'cam', host: 'camera', mode: 'node', ts: nowMs - 10_000, connections: 1, ip: '192.0.2.9' },
  { key: 'web', host: 'Board', ts: nowMs - 130_000, lastInputSeconds: 5, connections: 3, tags: ['Lab'] },
  { key: 'old', host: 'attic', mode: 'ui', ts: nowMs - 301_000, lastInputSeconds: 900, reason: 'disconnect' },
];

const keysBy = (order: RowOrder): readonly string[] =>
  sortInstances(rows, order, nowMs).map(({ key }) => key);

describe('the order of rows', () => {
  it.each([
    ['newest', 'gw cam web old'],
    ['host', 'gw old web cam'],
    ['status', 'gw cam web old'],
    ['mode', 'gw cam old web'],
    ['last input', 'gw web old cam'],
    ['connections', 'gw web cam old'],
  ] as const)('by %s; the gateway itself first, rows without the fact last', (by, keys) => {
    expect(keysBy({ by, reversed: false }).join(' ')).toBe(keys);
  });

  it('turned round; what is pinned stays', () => {
    expect(keysBy({ by: 'mode', reversed: true })).toEqual(['gw', 'old', 'cam', 'web']);
  });

  it('counts the numbers in names', () => {
    const cameras = ['cam-10', 'cam-9', 'Cam-1'].map((host) => ({ key: host, host, ts: nowMs }));
    const sorted = sortInstances(cameras, { by: 'host', reversed: false }, nowMs);
    expect(sorted.map(({ host }) => host)).toEqual(['Cam-1', 'cam-9', 'cam-10']);
  });

  it('does not depend on the order in which rows come', () => {
    const order = fc.record({ by: fc.constantFrom(...sortNames), reversed: fc.boolean() });
    const shuffled = fc.shuffledSubarray([...rows], { minLength: rows.length });
    fc.assert(
      fc.property(shuffled, order, (some, by) => {
        expect(sortInstances(some, by, nowMs).map(({ key }) => key)).toEqual(keysBy(by));
      }),
    );
  });
});
