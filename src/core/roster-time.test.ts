import { describe, expect, it } from 'vitest';
import { createRosterFixture, summarize } from '../../test/harness/roster-fixture.ts';
import { createRoster } from './index.ts';

const hour = 3_600_000;

describe('expiry', () => {
  it('[PT1] a row is kept for exactly five minutes', () => {
    const { beacon, keys, wait } = createRosterFixture();
    beacon({ host: 'a' });
    expect(wait(300_000)).toEqual([]);
    expect(summarize(wait(1))).toEqual(['remove a expired']);
    expect(keys()).toEqual([]);
  });

  it('[PT1] every update starts the five minutes again', () => {
    const { beacon, keys, wait } = createRosterFixture();
    beacon({ host: 'a' });
    wait(200_000);
    beacon({ host: 'a' });
    wait(200_000);
    expect(keys()).toEqual(['a']);
  });

  it('[PT1] ttlMs is configurable', () => {
    const { beacon, keys, wait } = createRosterFixture({ ttlMs: 1_000 });
    beacon({ host: 'a' });
    wait(1_001);
    expect(keys()).toEqual([]);
  });

  it('[PT2] says when the next row expires, and sweeping then is one visible change', () => {
    const { beacon, clock, connect, roster } = createRosterFixture();
    expect(roster.nextExpiryMonoMs(clock.now())).toBeUndefined();
    beacon({ host: 'a' });
    beacon({ host: 'b' });
    clock.advance(10);
    connect('c1', { instanceId: 'c' });
    const moment = roster.nextExpiryMonoMs(clock.now()) ?? 0;
    expect(roster.sweep(clock.advance(moment - clock.monoMs - 1))).toEqual([]);
    const { version } = roster;
    expect(summarize(roster.sweep(clock.advance(1)))).toEqual(['remove a expired', 'remove b expired']);
    expect(roster.version).toBe(version + 1);
    expect(roster.nextExpiryMonoMs(clock.now())).toBe(moment + 10);
  });

  it('[PT2] reading an old list prunes nothing', () => {
    const { beacon, clock, keys, roster } = createRosterFixture();
    beacon({ host: 'a' });
    clock.advance(hour);
    expect(keys()).toEqual(['a']);
    expect(roster.version).toBe(1);
  });

  it('[PR7] a silent connection that answers pings is listed for as long as it lives', () => {
    const { clock, connect, keys, roster, wait } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    for (let passedMs = 0; passedMs < 6 * 60_000; passedMs += 25_000) {
      wait(25_000);
      roster.renew('c1', 4, clock.now());
    }
    expect(keys()).toEqual(['a']);
  });

  it('[PT1] a connection that outlives its row brings it back when it is heard of again', () => {
    const { clock, connect, disconnect, keys, roster, view, wait } = createRosterFixture();
    connect('c1', { instanceId: 'a', host: 'h' });
    const { firstSeenAtMs } = view('a');
    expect(summarize(wait(hour))).toEqual(['remove a expired']);
    expect(summarize(roster.renew('c1', 4, clock.now()))).toEqual(['upsert a renewal']);
    expect(view('a')).toMatchObject({ host: 'h', connections: 1, firstSeenAtMs });
    wait(hour);
    expect(disconnect('c1')).toEqual([]);
    expect([keys(), roster.keyOf('c1')]).toEqual([[], undefined]);
  });
});

describe('the wall clock', () => {
  it.each([-24 * hour, 24 * hour])('[PT4] set by %i ms removes and keeps nothing', (byMs) => {
    const { beacon, clock, keys, roster, wait } = createRosterFixture();
    beacon({ host: 'a' });
    wait(200_000);
    beacon({ host: 'b' });
    clock.setWall(clock.wallMs + byMs);
    expect(summarize(roster.sweep(clock.now()))).toEqual(['upsert b clock', 'upsert a clock']);
    wait(100_000);
    expect(keys()).toEqual(['b', 'a']);
    wait(1);
    expect(keys()).toEqual(['b']);
  });

  it('[PT4] set: every ts moves with it, ages and order stay, and viewers get it once', () => {
    const { beacon, clock, connect, roster, view } = createRosterFixture();
    roster.setSelf({ instanceId: 'gw' }, clock.now());
    connect('c1', { instanceId: 'a' });
    clock.advance(40_000);
    beacon({ host: 'b' });
    clock.setWall(5_000_000);
    const { version } = roster;
    const changes = roster.sweep(clock.now());
    expect(summarize(changes)).toEqual(['upsert gw clock', 'upsert b clock', 'upsert a clock']);
    expect(roster.version).toBe(version + 1);
    expect(roster.sweep(clock.advance(1_000))).toEqual([]);
    expect(view('b').ts).toBe(5_000_000);
    expect(view('a')).toMatchObject({ ts: 4_960_000, connectedAtMs: 4_960_000, firstSeenAtMs: 4_960_000 });
  });

  it('[PT4] set just before an update: the update tells it', () => {
    const { beacon, clock, view } = createRosterFixture();
    beacon({ host: 'a' });
    clock.setWall(clock.wallMs + hour);
    expect(summarize(beacon({ host: 'b' }))).toEqual(['upsert a clock', 'upsert b beacon']);
    expect(view('a').ts).toBe(clock.wallMs);
  });

  it('[PT4] slewed by less than a second is not published, so that ts and order agree', () => {
    const { beacon, clock, roster, view } = createRosterFixture();
    beacon({ host: 'a' });
    clock.setWall(clock.wallMs - 999);
    expect(roster.sweep(clock.now())).toEqual([]);
    beacon({ host: 'b' });
    expect(view('b').ts).toBe(view('a').ts);
  });

  it('[PT4] set while nothing is listed changes nothing', () => {
    const { beacon, clock, roster, view, wait } = createRosterFixture();
    beacon({ host: 'a' });
    wait(hour);
    clock.setWall(0);
    expect(roster.sweep(clock.now())).toEqual([]);
    expect(roster.version).toBe(2);
    beacon({ host: 'b' });
    expect(view('b').ts).toBe(0);
  });

  it('[PF1] before 1970 shows ts 0, not a negative one', () => {
    const { beacon, clock, view } = createRosterFixture();
    clock.setWall(-5_000);
    beacon({ host: 'a' });
    expect(view('a').ts).toBe(0);
  });
});

describe('options', () => {
  it.each([
    { ttlMs: 0 },
    { ttlMs: -1 },
    { ttlMs: 1.5 },
    { ttlMs: Number.NaN },
    { maxEntries: 0 },
    { maxEntries: Number.POSITIVE_INFINITY },
  ])('[PT1] [PT3] refuses %j by name', (options) => {
    expect(() => createRoster(options)).toThrow(new RegExp(`^${Object.keys(options)[0]} must be`));
  });

  it('[PT3] maxEntries is 200 by default', () => {
    expect(createRoster().maxEntries).toBe(200);
  });
});
