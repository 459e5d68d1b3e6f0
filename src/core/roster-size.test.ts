import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ManualClock } from '../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import { createRosterFixture, summarize } from '../../test/harness/roster-fixture.ts';

import type { Roster } from './index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('size', () => {
  it('[PT3] 1 000 distinct beacons leave the own row and the newest 199', () => {
    const { beacon, clock, keys, roster } = createRosterFixture();
    roster.setSelf({ instanceId: 'gw' }, clock.now());
    for (let index = 0; index < 1_000; index += 1) beacon({ host: `h${index}` });
    const newest = Array.from({ length: 199 }, (_, index) => `h${999 - index}`);
    expect(keys()).toEqual(['gw', ...newest]);
    expect([roster.size, roster.evictions]).toEqual([200, 801]);
  });

  it('[PT3] drops the oldest at the write that goes over, in the same version', () => {
    const { beacon, clock, roster } = createRosterFixture({ maxEntries: 2 });
    beacon({ host: 'a' });
    beacon({ host: 'b' });
    beacon({ host: 'a' });
    const changes = beacon({ host: 'c' });
    expect(summarize(changes)).toEqual(['upsert c beacon', 'remove b evicted']);
    expect(changes.map(({ version }) => version)).toEqual([roster.version, roster.version]);
    expect(summarize(roster.setSelf({ instanceId: 'gw' }, clock.now()))).toEqual([
      'upsert gw self',
      'remove a evicted',
    ]);
  });

  it('[PT3] rows without a live connection go first, the oldest of them first, live ones last', () => {
    const { beacon, connect, disconnect, keys } = createRosterFixture({ maxEntries: 3 });
    connect('c1', { instanceId: 'a' });
    beacon({ host: 'b' });
    connect('c2', { instanceId: 'c' });
    expect(summarize(beacon({ host: 'd' }))).toEqual(['upsert d beacon', 'remove b evicted']);
    expect(summarize(connect('c3', { instanceId: 'e' }))).toEqual(['upsert e connect', 'remove d evicted']);
    expect(summarize(beacon({ host: 'f' }))).toEqual(['upsert f beacon', 'remove f evicted']);
    expect(summarize(connect('c4', { instanceId: 'g' }))).toEqual(['upsert g connect', 'remove a evicted']);
    expect(summarize(disconnect('c2'))).toEqual([
      'upsert c disconnect',
      'remove c evicted',
      'upsert a renewal',
    ]);
    expect(keys()).toEqual(['a', 'g', 'e']);
  });

  it('[PT3] [PR8] a live row that had no room is listed as soon as there is, without a word of its client', () => {
    const { connect, disconnect, keys, view } = createRosterFixture({ maxEntries: 1 });
    connect('c1', { instanceId: 'a', host: 'h' });
    expect(summarize(connect('c2', { instanceId: 'p', mode: 'probe' }))).toEqual([
      'upsert p connect',
      'remove a evicted',
    ]);
    expect(summarize(disconnect('c2'))).toEqual(['remove p transient', 'upsert a renewal']);
    expect(keys()).toEqual(['a']);
    expect(view('a')).toMatchObject({ host: 'h', connections: 1 });
  });

  it('[PT3] a row that had no room and is renewed waits for room; of those that wait the latest comes first', () => {
    const { clock, connect, disconnect, roster } = createRosterFixture({ maxEntries: 1 });
    connect('c1', { instanceId: 'a' });
    connect('c2', { instanceId: 'b' });
    connect('c3', { instanceId: 'c' });
    expect(roster.renew('c1', 1, clock.now())).toEqual([]);
    expect(roster.pendingRenewals).toBe(0);
    expect(summarize(disconnect('c3'))).toEqual([
      'upsert c disconnect',
      'remove c evicted',
      'upsert a renewal',
    ]);
  });

  it('[PT1] [PT3] a connected row that expired comes back with its renewal', () => {
    const { clock, connect, keys, roster, wait } = createRosterFixture({ maxEntries: 1 });
    connect('c1', { instanceId: 'a' });
    wait(300_001);
    expect(keys()).toEqual([]);
    expect(summarize(roster.renew('c1', 1, clock.now()))).toEqual(['upsert a renewal']);
  });

  it('[PT3] a row that had no room and whose connections close is forgotten', () => {
    const { connect, disconnect, keys, roster } = createRosterFixture({ maxEntries: 1 });
    connect('c1', { instanceId: 'a', deviceId: 'd1', host: 'h' });
    connect('c2', { instanceId: 'a' });
    connect('c3', { instanceId: 'b' });
    expect(disconnect('c1')).toEqual([]);
    expect(disconnect('c2')).toEqual([]);
    expect(keys()).toEqual(['b']);
    expect(roster.target({ facts: { deviceId: 'd1' } })).toEqual({ key: 'd1', own: false });
  });

  it('[PT3] the own row fills a roster of one', () => {
    const { beacon, clock, connect, keys, roster } = createRosterFixture({ maxEntries: 1 });
    roster.setSelf({ instanceId: 'gw' }, clock.now());
    expect(summarize(connect('c1', { instanceId: 'a' }))).toEqual(['upsert a connect', 'remove a evicted']);
    beacon({ host: 'b' });
    expect(keys()).toEqual(['gw']);
  });

  // 200 000 keys as a rule, 10 million in the nightly setting.
  it('[PT3] [PT5] ever new keys, devices and connections leave the memory where it was', () => {
    const { clock, roster } = createRosterFixture();
    flood(roster, clock, 0, 50_000);
    const beforeBytes = heapUsedBytes();
    flood(roster, clock, 50_000, propertyRuns() * 1_000);
    expect(heapUsedBytes() - beforeBytes).toBeLessThan(2_000_000);
    expect([roster.size, roster.pendingRenewals]).toEqual([200, 0]);
  });
});

/** One update after the other, each with names that never came before; every fourth is a short connection. */
function flood(roster: Roster, clock: ManualClock, from: number, to: number): void {
  for (let index = from; index < to; index += 1) {
    const now = clock.advance(1);
    const facts = { instanceId: `i-${index}`, deviceId: `d-${index}`, host: `h-${index}`, mode: 'ui' };
    if (index % 4 > 0) roster.beacon({ facts }, now);
    else {
      const connectionId = `c-${index}`;
      roster.connect({ connectionId, facts, role: 'operator', scopes: [`s-${index}`] }, now);
      roster.renew(connectionId, 1, now);
      roster.disconnect(connectionId, now);
    }
  }
}

/** Heap in use after a full collection. */
function heapUsedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
