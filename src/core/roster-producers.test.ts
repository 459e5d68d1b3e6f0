import { describe, expect, it } from 'vitest';
import { accepted, createRosterFixture, summarize } from '../../test/harness/roster-fixture.ts';
import { entryOf } from './index.ts';

const gateway = { instanceId: 'gw', host: 'vm', ip: '192.0.2.2', version: '1.0.0', platform: 'linux 6.18' };

describe("the gateway's own row", () => {
  it('[PR1] is listed before anybody connects', () => {
    const { clock, keys, roster, view } = createRosterFixture();
    expect(summarize(roster.setSelf(gateway, clock.now()))).toEqual(['upsert gw self']);
    expect(keys()).toEqual(['gw']);
    expect(entryOf(view('gw'))).toEqual({
      ...gateway,
      mode: 'gateway',
      reason: 'self',
      text: 'Gateway: vm (192.0.2.2) · app 1.0.0 · mode gateway · reason self',
      ts: clock.wallMs,
    });
  });

  it('[PR1] says only what was written last', () => {
    const { clock, roster, view } = createRosterFixture();
    roster.setSelf(gateway, clock.now());
    roster.setSelf({ instanceId: 'GW', host: 'vm', ip: '127.0.0.1' }, clock.now());
    expect(view('gw')).not.toHaveProperty('ip');
    expect(view('gw')).toMatchObject({ instanceId: 'GW', text: 'Gateway: vm · mode gateway · reason self' });
  });

  it('[PR2] is fresh whenever it is read, and never pruned', () => {
    const { clock, roster, view, wait } = createRosterFixture();
    roster.setSelf(gateway, clock.now());
    expect(wait(3_600_000)).toEqual([]);
    expect(view('gw').ts).toBe(clock.wallMs);
    expect(roster.nextExpiryMonoMs(clock.now())).toBeUndefined();
  });

  it('[PR2] is never evicted, and stays first', () => {
    const { beacon, clock, keys, roster } = createRosterFixture({ maxEntries: 2 });
    roster.setSelf(gateway, clock.now());
    for (const host of ['a', 'b', 'c']) beacon({ host });
    expect(keys()).toEqual(['gw', 'c']);
  });

  it.each([
    ['its key', { instanceId: ' GW ' }],
    ['its key as a device', { deviceId: 'gw' }],
    ['its key as a host', { host: 'Gw' }],
    ['mode gateway with reason self', { instanceId: 'x', mode: 'gateway', reason: 'self' }],
    ['the same in other case', { instanceId: 'x', mode: ' GateWay', reason: 'SELF ' }],
    ['reason self about a row of mode gateway', { instanceId: 'other', reason: 'self' }],
  ])('[PR2] refuses a beacon with %s', (_, facts) => {
    const { beacon, clock, roster } = createRosterFixture();
    roster.setSelf(gateway, clock.now());
    beacon({ instanceId: 'other', mode: 'gateway', reason: 'periodic' });
    const before = [...roster.views(clock.now())];
    const outcome = roster.beacon({ facts }, clock.now());
    expect(outcome).toMatchObject({ refusal: { refused: 'self-row' } });
    expect(roster.target({ facts })).toEqual(outcome);
    expect([...roster.views(clock.now())]).toEqual(before);
  });

  it('[PR2] refuses a connection and a node event that claim it', () => {
    const { clock, connect, roster } = createRosterFixture();
    roster.setSelf(gateway, clock.now());
    const claim = { connectionId: 'c1', facts: { instanceId: 'GW' }, role: 'operator', scopes: [] };
    expect(roster.connect(claim, clock.now())).toMatchObject({ refusal: { refused: 'self-row' } });
    expect(roster.keyOf('c1')).toBeUndefined();
    connect('c2', { instanceId: 'x', mode: 'gateway' });
    const update = { connectionId: 'c2', facts: { reason: 'self' }, source: 'node-event' } as const;
    expect(roster.activity(update, clock.now())).toMatchObject({ refusal: { refused: 'self-row' } });
  });

  it('[PR1] cannot be written over a row that exists, nor moved to another key', () => {
    const { beacon, clock, roster } = createRosterFixture();
    beacon({ host: 'gw' });
    expect(() => roster.setSelf(gateway, clock.now())).toThrow(TypeError);
    expect(() => roster.setSelf({ host: 'vm' }, clock.now())).toThrow(TypeError);
    roster.setSelf({ instanceId: 'gw-2' }, clock.now());
    expect(() => roster.setSelf({ instanceId: 'gw-3' }, clock.now())).toThrow(TypeError);
  });
});

describe('connections', () => {
  it('[PR3] a handshake makes a row with reason connect', () => {
    const { clock, connect, view } = createRosterFixture();
    const changes = connect('c1', { instanceId: 'a', host: 'h', mode: 'ui' }, { observedIp: '10.0.0.1' });
    expect(summarize(changes)).toEqual(['upsert a connect']);
    expect(view('a')).toEqual({
      key: 'a',
      cause: { code: 'connected' },
      instanceId: 'a',
      host: 'h',
      mode: 'ui',
      ip: '10.0.0.1',
      observedIp: '10.0.0.1',
      reason: 'connect',
      roles: ['operator'],
      text: 'Node: h · mode ui',
      ts: clock.wallMs,
      connections: 1,
      connectedAtMs: clock.wallMs,
      firstSeenAtMs: clock.wallMs,
      sources: { ip: 'socket' },
    });
  });

  it('[PR5] a node is connected by the same flow, reason node-connected', () => {
    const { connect, view } = createRosterFixture();
    connect('c1', { instanceId: 'n', mode: 'node' }, { role: 'node' });
    expect(view('n')).toMatchObject({ reason: 'node-connected', roles: ['node'] });
  });

  it.each(['cli', 'CLI', ' Cli '])('[PR4] mode %j never becomes a row', (mode) => {
    const { beacon, clock, connect, disconnect, keys, roster } = createRosterFixture();
    expect(connect('c1', { instanceId: 'a', mode })).toEqual([]);
    expect(beacon({ instanceId: 'a', mode })).toEqual([]);
    expect(roster.renew('c1', 3, clock.now())).toEqual([]);
    expect(roster.keyOf('c1')).toBe('a');
    expect(disconnect('c1')).toEqual([]);
    expect([keys(), roster.version]).toEqual([[], 0]);
  });

  it('[PR4] a hidden update leaves a listed row of the same key alone', () => {
    const { beacon, clock, connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'a', mode: 'ui' });
    const before = view('a');
    connect('c2', { instanceId: 'a', mode: 'cli' });
    beacon({ instanceId: 'a', mode: 'cli' });
    accepted(
      roster.activity({ connectionId: 'c1', facts: { mode: 'cli' }, source: 'node-event' }, clock.now()),
    );
    expect(view('a')).toBe(before);
  });

  it('[PR4] the list of hidden modes is configurable', () => {
    const { connect, keys } = createRosterFixture({ hiddenModes: [' Test ', 'probe'] });
    connect('c1', { instanceId: 'a', mode: 'cli' });
    connect('c2', { instanceId: 'b', mode: 'test' });
    connect('c3', { instanceId: 'c', mode: 'Probe' });
    expect(keys()).toEqual(['a']);
  });

  it.each(['probe', 'Backend'])('[PR4] mode %s is listed while connected and removed after', (mode) => {
    const { connect, disconnect, keys } = createRosterFixture();
    connect('c1', { instanceId: 'a', mode });
    connect('c2', { instanceId: 'a', mode });
    expect(summarize(disconnect('c1'))).toEqual(['upsert a disconnect']);
    expect(keys()).toEqual(['a']);
    expect(summarize(disconnect('c2'))).toEqual(['remove a transient']);
    expect(keys()).toEqual([]);
  });

  it('[PR8] the row stays after the last close, with reason disconnect and a new ts', () => {
    const { clock, connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    clock.advance(10_000);
    expect(summarize(disconnect('c1'))).toEqual(['upsert a disconnect']);
    expect(view('a')).toMatchObject({
      reason: 'disconnect',
      ts: clock.wallMs,
      connections: 0,
      disconnectedAtMs: clock.wallMs,
      roles: ['operator'],
    });
    expect(view('a')).not.toHaveProperty('connectedAtMs');
    expect(disconnect('c1')).toEqual([]);
  });

  it('[PR8] while another connection lives only roles and the count change', () => {
    const { clock, connect, disconnect, view } = createRosterFixture();
    connect('c1', { instanceId: 'a', host: 'h' });
    connect('c2', { instanceId: 'a' }, { role: 'node' });
    const before = view('a');
    clock.advance(10_000);
    disconnect('c2');
    expect(view('a')).toEqual({ ...before, roles: ['operator'], connections: 1 });
  });

  it('refuses an id that is blank or live already', () => {
    const { connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'a' });
    expect(() => connect('c1', { instanceId: 'b' })).toThrow(TypeError);
    expect(() => connect(' ')).toThrow(TypeError);
    expect([roster.size, view('a').connections]).toEqual([1, 1]);
  });
});

describe('reports', () => {
  it('[PR6] a beacon makes a row, or merges into the one there is', () => {
    const { beacon, clock, connect, view } = createRosterFixture();
    expect(summarize(beacon({ host: 'Cron', text: 'backup done' }))).toEqual(['upsert cron beacon']);
    expect(view('cron')).toMatchObject({ text: 'backup done', connections: 0, sources: { text: 'beacon' } });
    connect('c1', { instanceId: 'a' });
    clock.advance(1_000);
    beacon({ instanceId: 'a', reason: 'periodic' });
    expect(view('a')).toMatchObject({ reason: 'periodic', connections: 1, ts: clock.wallMs });
  });

  it('[PR9] node events feed the row of their connection', () => {
    const { clock, connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'n' }, { role: 'node' });
    const hostStats = { cpuCount: 8, memoryTotalBytes: 16, memoryFreeBytes: 4 };
    clock.advance(500);
    const source = 'node-event';
    accepted(roster.activity({ connectionId: 'c1', facts: { lastInputSeconds: 9 }, source }, clock.now()));
    accepted(roster.activity({ connectionId: 'c1', hostStats, source }, clock.advance(500)));
    expect(view('n')).toMatchObject({
      lastInputSeconds: 9,
      hostStats,
      reason: 'node-connected',
      ts: clock.wallMs,
      sources: { lastInputSeconds: 'node-event' },
    });
    accepted(roster.activity({ connectionId: 'c1', clearLastInput: true, source }, clock.now()));
    expect(view('n')).not.toHaveProperty('lastInputSeconds');
  });

  it('[PR9] a node event does not change who its row is', () => {
    const { clock, connect, roster, view } = createRosterFixture();
    connect('c1', { instanceId: 'n', deviceId: 'd1' });
    const facts = { instanceId: 'x', deviceId: 'd2', roles: ['king'], host: 'h' };
    accepted(roster.activity({ connectionId: 'c1', facts, source: 'node-event' }, clock.now()));
    expect(view('n')).toMatchObject({ instanceId: 'n', deviceId: 'd1', roles: ['operator'], host: 'h' });
  });

  it('[PR9] activity of an unknown connection is refused, of a hidden one heard and forgotten', () => {
    const { clock, connect, roster } = createRosterFixture();
    connect('c1', { mode: 'cli' });
    const update = { facts: { lastInputSeconds: 0 }, source: 'activity' } as const;
    expect(roster.activity({ connectionId: 'gone', ...update }, clock.now())).toMatchObject({
      refusal: { refused: 'unknown-connection' },
    });
    expect(roster.activity({ connectionId: 'c1', ...update }, clock.now())).toEqual({ changes: [] });
  });
});
