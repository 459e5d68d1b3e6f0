import { describe, expect, it } from 'vitest';
import { createRosterFixture } from '../../test/harness/roster-fixture.ts';
import { sourceOf } from './fact-source.ts';

describe('merging', () => {
  it('[PK5] a fact in the update replaces, an absent fact stays', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ instanceId: 'a', host: 'h', version: '1', platform: 'linux', tags: ['blue'] });
    beacon({ instanceId: 'a', version: '2', tags: ['red', 'green'] });
    expect(view('a')).toMatchObject({ host: 'h', version: '2', platform: 'linux', tags: ['red', 'green'] });
  });

  it('[PK5] a beacon of a connected ui keeps what the handshake said', () => {
    const { beacon, connect, keys, view } = createRosterFixture();
    connect('c1', { instanceId: 'App', platform: 'macOS', deviceFamily: 'Mac', modelIdentifier: 'Mac15,3' });
    beacon({ instanceId: 'APP', reason: 'periodic', lastInputSeconds: 3 });
    expect(keys()).toEqual(['app']);
    expect(view('app')).toMatchObject({
      platform: 'macOS',
      deviceFamily: 'Mac',
      modelIdentifier: 'Mac15,3',
      reason: 'periodic',
      lastInputSeconds: 3,
      connections: 1,
    });
  });

  it('[PK5] roles and scopes are those of the live connections and shrink when one leaves', () => {
    const { connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' }, { scopes: ['read'] });
    connect('c2', { instanceId: 'a' }, { role: 'node', scopes: ['write', 'read'] });
    expect(view('a')).toMatchObject({ roles: ['operator', 'node'], scopes: ['read', 'write'] });
    disconnect('c2');
    expect(view('a')).toMatchObject({ roles: ['operator'], scopes: ['read'] });
  });

  it('[PK5] a beacon cannot give roles to a connected instance, only to one that is not', () => {
    const { beacon, connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    beacon({ instanceId: 'a', roles: ['king'], scopes: ['all'] });
    expect(view('a').roles).toEqual(['operator']);
    expect(sourceOf(view('a'), 'roles')).toBe('connect');
    expect(view('a').scopes).toBeUndefined();
    disconnect('c1');
    expect(view('a').roles).toEqual(['operator']);
    beacon({ instanceId: 'a', roles: ['king'] });
    expect(view('a')).toMatchObject({ roles: ['king'], sources: { roles: 'beacon' } });
    connect('c2', { instanceId: 'a' });
    expect(view('a').roles).toEqual(['operator']);
    expect(sourceOf(view('a'), 'roles')).toBe('connect');
  });

  it('[PK5] closes a connection that was granted one scope twice', () => {
    const { connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' }, { scopes: ['read', 'read'] });
    expect(view('a').scopes).toEqual(['read']);
    expect(() => disconnect('c1')).not.toThrow();
  });

  it('[PA3] a claimed deviceId does not replace a verified one', () => {
    const { beacon, connect, disconnect, view } = createRosterFixture();
    beacon({ instanceId: 'a', deviceId: 'claimed' });
    expect(view('a').deviceId).toBe('claimed');
    connect('c1', { instanceId: 'a', deviceId: 'verified' });
    beacon({ instanceId: 'a', deviceId: 'claimed' });
    disconnect('c1');
    beacon({ instanceId: 'a', deviceId: 'claimed' });
    expect(sourceOf(view('a'), 'deviceId')).toBe('connect');
    expect(view('a').deviceId).toBe('verified');
  });

  it('[PK7] whoever brings them, the same beacons in the same order give the same row', () => {
    const one = createRosterFixture();
    const other = createRosterFixture();
    for (const { connect } of [one, other]) {
      connect('c1', { instanceId: 'x' });
      connect('c2', { instanceId: 'y' });
    }
    const beacons = [
      { host: 'h', version: '1' },
      { host: 'H', version: '2' },
      { host: 'h', mode: 'ui' },
    ];
    for (const [index, facts] of beacons.entries()) {
      one.beacon(facts, { connectionId: 'c1' });
      other.beacon(facts, { connectionId: index % 2 === 0 ? 'c2' : 'c1' });
    }
    expect(other.view('h')).toEqual(one.view('h'));
    expect(one.view('h')).toMatchObject({ version: '2', mode: 'ui' });
  });
});

describe('facts', () => {
  it('[PF1] an empty list is absent', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ instanceId: 'a', tags: ['blue'], roles: ['node'] });
    beacon({ instanceId: 'a', tags: [], roles: [] });
    expect(view('a')).not.toHaveProperty('tags');
    expect(view('a')).not.toHaveProperty('roles');
  });

  it('[PF3] keeps the address that the socket has and the one that a beacon claims', () => {
    const { beacon, connect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' }, { observedIp: '::ffff:10.0.0.1' });
    beacon({ instanceId: 'a', ip: '192.168.0.9' });
    expect(view('a')).toMatchObject({ ip: '192.168.0.9', observedIp: '10.0.0.1', reportedIp: '192.168.0.9' });
    expect(view('a').sources.ip).toBe('beacon');
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '::'])(
    '[PI1] %s overwrites nothing',
    (nowhere) => {
      const { beacon, connect, view } = createRosterFixture();
      connect('c1', { instanceId: 'a' }, { observedIp: nowhere });
      expect(view('a')).not.toHaveProperty('ip');
      beacon({ instanceId: 'a', ip: '10.0.0.1' });
      beacon({ instanceId: 'a', ip: nowhere });
      connect('c2', { instanceId: 'a', ip: nowhere }, { observedIp: nowhere });
      expect(view('a')).toMatchObject({ ip: '10.0.0.1', reportedIp: '10.0.0.1' });
      expect(view('a')).not.toHaveProperty('observedIp');
    },
  );

  it('[PF1] composes a text where the instance has none, and follows its facts', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ host: 'h' });
    expect(view('h').text).toBe('Node: h');
    beacon({ host: 'h', mode: 'ui' });
    expect(view('h').text).toBe('Node: h · mode ui');
    beacon({ host: 'h', text: 'gone fishing' });
    beacon({ host: 'h', mode: 'node' });
    expect(view('h').text).toBe('gone fishing');
  });

  it('[PF4] lastInputSeconds grows with every renewal of ts that brings no report', () => {
    const { beacon, clock, connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    beacon({ instanceId: 'a', lastInputSeconds: 5 });
    clock.advance(2_999);
    expect(view('a').lastInputSeconds).toBe(5);
    beacon({ instanceId: 'a' });
    expect(view('a').lastInputSeconds).toBe(7);
    clock.advance(60_000);
    disconnect('c1');
    expect(view('a').lastInputSeconds).toBe(67);
    beacon({ instanceId: 'a', lastInputSeconds: 0 });
    expect(view('a').lastInputSeconds).toBe(0);
  });

  it('[PF4] grows with keep-alive renewals, too', () => {
    const { beacon, clock, connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    beacon({ instanceId: 'a', lastInputSeconds: 5 });
    roster.renew('c1', undefined, clock.advance(25_000));
    roster.publishRenewals(clock.now());
    expect(view('a').lastInputSeconds).toBe(30);
  });

  it('[PF4] is exact on a clock with fractions of milliseconds', () => {
    const { beacon, clock, view } = createRosterFixture();
    for (let step = 0; step < 1_000; step += 1) {
      clock.advance(0.1234567);
      beacon({ instanceId: 'a', lastInputSeconds: 5 });
      expect(view('a').lastInputSeconds).toBe(5);
      expect(Number.isInteger(view('a').ts)).toBe(true);
    }
  });

  it('[PR6] clears the last input when asked to', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ instanceId: 'a', lastInputSeconds: 5 });
    beacon({ instanceId: 'a' }, { clearLastInput: true });
    expect(view('a')).not.toHaveProperty('lastInputSeconds');
    expect(view('a').sources).not.toHaveProperty('lastInputSeconds');
  });
});
