import { describe, expect, it } from 'vitest';
import { createRosterFixture, summarize } from '../../test/harness/roster-fixture.ts';

describe('renewals', () => {
  it('[PE4] wait, unseen, until they are published: one version for all', () => {
    const { clock, connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    connect('c2', { instanceId: 'b' });
    const before = [view('a'), view('b')];
    const { version } = roster;
    clock.advance(25_000);
    expect(roster.renew('c2', 3, clock.now())).toEqual([]);
    expect(roster.renew('c1', 4.6, clock.now())).toEqual([]);
    expect([roster.version, roster.pendingRenewals]).toEqual([version, 2]);
    expect([view('a'), view('b')]).toEqual(before);
    expect(summarize(roster.publishRenewals(clock.advance(500)))).toEqual([
      'upsert b renewal',
      'upsert a renewal',
    ]);
    expect([roster.version, roster.pendingRenewals]).toEqual([version + 1, 0]);
    expect(view('a')).toMatchObject({ ts: clock.wallMs - 500, rttMs: 5 });
    expect(roster.publishRenewals(clock.now())).toEqual([]);
  });

  it('[PE4] ride along with the next visible change', () => {
    const { beacon, clock, connect, keys, roster } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    connect('c2', { instanceId: 'b' });
    roster.renew('c1', undefined, clock.advance(25_000));
    const changes = beacon({ host: 'x' });
    expect(summarize(changes)).toEqual(['upsert a renewal', 'upsert x beacon']);
    expect(new Set(changes.map(({ version }) => version)).size).toBe(1);
    expect(keys()).toEqual(['x', 'a', 'b']);
  });

  it('[PE4] [PW6] keep the list in order of freshness', () => {
    const { clock, connect, keys, roster } = createRosterFixture();
    for (const id of ['a', 'b', 'c']) connect(id, { instanceId: id });
    for (const id of ['a', 'b', 'c', 'a']) roster.renew(id, undefined, clock.advance(10));
    roster.publishRenewals(clock.now());
    expect(keys()).toEqual(['a', 'c', 'b']);
  });

  it('[PE4] save a row from the sweep that would have pruned it', () => {
    const { clock, connect, keys, roster, wait } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    roster.renew('c1', undefined, clock.advance(299_000));
    expect(summarize(wait(2_000))).toEqual(['upsert a renewal']);
    expect(keys()).toEqual(['a']);
  });

  it('[PE4] save a row from the eviction that would have dropped it', () => {
    const { beacon, clock, connect, keys, roster } = createRosterFixture({ maxEntries: 2 });
    connect('c1', { instanceId: 'a' });
    beacon({ host: 'b' });
    roster.renew('c1', undefined, clock.advance(10));
    beacon({ host: 'c' });
    expect(keys()).toEqual(['c', 'a']);
  });

  it('[PE4] several of one row are one', () => {
    const { clock, connect, roster } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    for (let ping = 0; ping < 5; ping += 1) roster.renew('c1', ping, clock.advance(25_000));
    expect(roster.pendingRenewals).toBe(1);
    expect(roster.publishRenewals(clock.now())).toHaveLength(1);
  });

  it('of a connection that is not live are nothing', () => {
    const { clock, connect, disconnect, roster } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    disconnect('c1');
    expect(roster.renew('c1', 1, clock.now())).toEqual([]);
    expect(roster.pendingRenewals).toBe(0);
  });
});
