import { describe, expect, it } from 'vitest';
import { createRosterFixture, summarize } from '../../test/harness/roster-fixture.ts';

describe('keys', () => {
  it('[PK1] is one row in any letter case and spacing; viewers see the latest spelling', () => {
    const { beacon, keys, view } = createRosterFixture();
    beacon({ instanceId: 'Mac-1', version: '1' });
    beacon({ instanceId: ' mac-1', platform: 'macOS' });
    beacon({ instanceId: 'MAC-1' });
    expect(keys()).toEqual(['mac-1']);
    expect(view('mac-1')).toMatchObject({ instanceId: 'MAC-1', version: '1', platform: 'macOS' });
  });

  it.each([
    [{ instanceId: 'I', deviceId: 'd' }, 'i'],
    [{ instanceId: ' ', deviceId: 'D' }, 'd'],
    [{ deviceId: 'd' }, 'd'],
    [{ host: 'h' }, 'conn'],
  ])('[PK2] a connection with %j has the key %s', (facts, key) => {
    const { connect, keys, roster } = createRosterFixture();
    connect('Conn', facts);
    expect(keys()).toEqual([key]);
    expect(roster.keyOf('Conn')).toBe(key);
  });

  it('[PK2] a connection without a name joins the row that has its key already', () => {
    const { beacon, connect, keys, view } = createRosterFixture();
    beacon({ host: 'c1' });
    connect('c1', { version: '2' });
    expect(keys()).toEqual(['c1']);
    expect(view('c1')).toMatchObject({ host: 'c1', version: '2', connections: 1 });
  });

  it.each([
    [{ instanceId: 'I', deviceId: 'd', host: 'h', ip: '10.0.0.1', text: 't' }, 'i'],
    [{ deviceId: 'D', host: 'h', ip: '10.0.0.1', text: 't' }, 'd'],
    [{ host: 'H', ip: '10.0.0.1', text: 't' }, 'h'],
    [{ ip: '::ffff:10.0.0.1', text: 't' }, '10.0.0.1'],
    [{ text: 't' }, 'sender'],
    [{ ip: '127.0.0.1', text: 't' }, 'sender'],
  ])('[PK3] a beacon with %j has the key %s', (facts, key) => {
    const { beacon, connect, roster } = createRosterFixture();
    connect('c1', { instanceId: 'sender' });
    const update = { facts, connectionId: 'c1' };
    expect(roster.target(update)).toEqual({ key, own: key === 'sender' });
    expect(beacon(facts, update).at(-1)?.key).toBe(key);
  });

  it('[PK3] a beacon with text only has the first 64 characters of it for a key', () => {
    const { beacon, keys } = createRosterFixture();
    beacon({ text: `${'A'.repeat(64)} and more` });
    beacon({ text: `${'a'.repeat(64)} and less` });
    expect(keys()).toEqual(['a'.repeat(64)]);
  });

  it('[PK3] a beacon with nothing is refused', () => {
    const { clock, roster } = createRosterFixture();
    expect(roster.beacon({ facts: { mode: 'ui' } }, clock.now())).toMatchObject({
      refusal: { refused: 'no-key' },
    });
    expect(roster.beacon({ facts: { ip: '::1' } }, clock.now())).toMatchObject({
      refusal: { refused: 'no-key' },
    });
    expect([roster.size, roster.version]).toEqual([0, 0]);
  });

  it('[PK3] [PR4] a hidden connection has no row to beacon about', () => {
    const { beacon, connect, keys } = createRosterFixture();
    connect('c1', { instanceId: 'shell', mode: 'cli' });
    beacon({ text: 'backup done' }, { connectionId: 'c1' });
    expect(keys()).toEqual(['backup done']);
  });

  it('[PK4] a deviceId without instanceId is the freshest row of this device', () => {
    const { beacon, clock, keys, view } = createRosterFixture();
    beacon({ instanceId: 'old', deviceId: 'd1' });
    clock.advance(10);
    beacon({ instanceId: 'new', deviceId: 'D1' });
    clock.advance(10);
    beacon({ deviceId: 'd1', version: '2' });
    expect(keys()).toEqual(['new', 'old']);
    expect(view('new').version).toBe('2');
    expect(view('old').version).toBeUndefined();
  });

  it('[PK4] [PE4] a renewal that waits makes its row the freshest of the device', () => {
    const { beacon, clock, connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'live', deviceId: 'd1' });
    clock.advance(10);
    beacon({ instanceId: 'told', deviceId: 'd1' });
    roster.renew('c1', undefined, clock.advance(10));
    expect(roster.target({ facts: { deviceId: 'd1' } })).toMatchObject({ key: 'live' });
    beacon({ deviceId: 'd1', version: '2' });
    expect(view('live').version).toBe('2');
  });

  it('[PK4] a connection with a device and no instanceId joins the row of the device', () => {
    const { connect, keys, view } = createRosterFixture();
    connect('c1', { instanceId: 'a', deviceId: 'd1' });
    connect('c2', { deviceId: 'd1' });
    expect(keys()).toEqual(['a']);
    expect(view('a').connections).toBe(2);
  });

  it('[PK6] the same instanceId is one row over restarts and letter cases', () => {
    const { connect, disconnect, keys, view } = createRosterFixture();
    connect('c1', { instanceId: 'App-1' });
    disconnect('c1');
    connect('c2', { instanceId: 'app-1' });
    expect(keys()).toEqual(['app-1']);
    expect(view('app-1')).toMatchObject({ reason: 'connect', connections: 1 });
    expect(view('app-1').disconnectedAtMs).toBeUndefined();
  });

  it('[PK6] without a stable id a reconnect is a second row, the old one is disconnected until the TTL', () => {
    const { connect, disconnect, keys, roster, view, clock } = createRosterFixture();
    connect('c1', { host: 'h' });
    disconnect('c1');
    connect('c2', { host: 'h' });
    expect(keys()).toEqual(['c2', 'c1']);
    expect(view('c1').reason).toBe('disconnect');
    roster.renew('c2', undefined, clock.advance(299_000));
    expect(summarize(roster.sweep(clock.advance(1_001)))).toEqual(['upsert c2 renewal', 'remove c1 expired']);
  });
});

describe('taking over', () => {
  it('[PK8] a page load of the same device and mode takes the row that was left behind', () => {
    const { clock, connect, disconnect, keys, view } = createRosterFixture();
    connect('c1', { instanceId: 'page-1', deviceId: 'd1', mode: 'webchat', timeZone: 'Europe/Paris' });
    const firstSeenAtMs = clock.wallMs;
    disconnect('c1');
    clock.advance(5);
    const changes = connect('c2', { instanceId: 'page-2', deviceId: 'd1', mode: 'WebChat' });
    expect(summarize(changes)).toEqual(['remove page-1 taken-over', 'upsert page-2 connect']);
    expect(changes[1]).toMatchObject({ previousKey: 'page-1' });
    expect(keys()).toEqual(['page-2']);
    expect(view('page-2')).toMatchObject({ instanceId: 'page-2', timeZone: 'Europe/Paris', firstSeenAtMs });
    expect(connect('c3', { instanceId: 'page-2' })[0]).not.toHaveProperty('previousKey');
  });

  it('[PK8] takes the freshest of several', () => {
    const { clock, connect, disconnect, keys } = createRosterFixture();
    connect('c1', { instanceId: 'a', deviceId: 'd1', mode: 'ui' });
    connect('c2', { instanceId: 'b', deviceId: 'd1', mode: 'ui' });
    clock.advance(5);
    disconnect('c2');
    clock.advance(5);
    disconnect('c1');
    connect('c3', { instanceId: 'c', deviceId: 'd1', mode: 'ui' });
    expect(keys()).toEqual(['c', 'b']);
  });

  it('[PK8] counts a beacon as a sign of freshness', () => {
    const { beacon, connect, disconnect, keys } = createRosterFixture();
    for (const instanceId of ['a', 'b'])
      connect(`c-${instanceId}`, { instanceId, deviceId: 'd1', mode: 'ui' });
    for (const instanceId of ['a', 'b']) disconnect(`c-${instanceId}`);
    beacon({ instanceId: 'a' });
    connect('c3', { instanceId: 'c', deviceId: 'd1', mode: 'ui' });
    expect(keys()).toEqual(['c', 'b']);
  });

  it('[PK8] two tabs that are both open keep two rows', () => {
    const { connect, keys } = createRosterFixture();
    connect('c1', { instanceId: 'tab-1', deviceId: 'd1', mode: 'webchat' });
    connect('c2', { instanceId: 'tab-2', deviceId: 'd1', mode: 'webchat' });
    expect(keys()).toEqual(['tab-2', 'tab-1']);
  });

  it.each([
    ['another mode', { instanceId: 'b', deviceId: 'd1', mode: 'ui' }],
    ['another device', { instanceId: 'b', deviceId: 'd2', mode: 'webchat' }],
    ['no verified device', { instanceId: 'b', mode: 'webchat' }],
  ])('[PK8] %s takes nothing over', (_, facts) => {
    const { connect, disconnect, keys } = createRosterFixture();
    connect('c1', { instanceId: 'a', deviceId: 'd1', mode: 'webchat' });
    disconnect('c1');
    connect('c2', facts);
    expect(keys()).toEqual(['b', 'a']);
  });

  it('[PK8] an instanceId that has a row keeps it', () => {
    const { beacon, connect, disconnect, keys } = createRosterFixture();
    connect('c1', { instanceId: 'a', deviceId: 'd1', mode: 'ui' });
    disconnect('c1');
    beacon({ instanceId: 'b' });
    connect('c2', { instanceId: 'b', deviceId: 'd1', mode: 'ui' });
    expect(keys()).toEqual(['b', 'a']);
  });
});
