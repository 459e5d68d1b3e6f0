import { describe, expect, it } from 'vitest';
import { delta, hello, pass, row, scriptedClient, selfRow } from '../../test/harness/scripted-client.ts';

const fullLists = (presence: object[], version = 1) =>
  hello({
    features: { methods: [], events: [] },
    snapshot: { presence, health: {}, stateVersion: { presence: version, health: 1 }, uptimeMs: 1 },
  });

const fixture = scriptedClient();
const { connect, create, forget, keys, kinds, welcome } = fixture;

describe('following deltas', () => {
  it('[PE3] reads the list after a gap, and shows nothing false meanwhile', async () => {
    const socket = await connect();
    forget();
    socket.event('presence.delta', delta(6, 7, [row('d')], ['a']), { seq: 3 });
    await pass();
    expect(kinds()).toEqual([]);
    socket.event('presence.delta', delta(7, 8, [row('e')]), { seq: 4 });
    const list = { epoch: 'e', version: 7, now: 1, instances: [selfRow, row('b'), row('c'), row('d')] };
    socket.answer('presence.list', list);
    await pass();
    expect(kinds()).toEqual(['leave a', 'join c', 'join d', 'join e']);
    expect(socket.sent.map(({ method }) => method)).toEqual(['connect', 'presence.list']);
  });

  it('requests the list when the first event of a connection was lost', async () => {
    create();
    const socket = await welcome();
    socket.event('tick', { ts: 1 }, { seq: 2 });
    await pass();
    expect(socket.sent.at(-1)).toMatchObject({ method: 'presence.list' });
  });

  it('requests it again, later, when the list is refused', async () => {
    const socket = await connect();
    socket.event('tick', { ts: 1 }, { seq: 3 });
    await pass();
    socket.refuse('presence.list', {
      code: 'UNAVAILABLE',
      message: 'busy',
      retryable: true,
      retryAfterMs: 2_000,
    });
    await pass(1_999);
    expect(socket.sent).toHaveLength(2);
    await pass(1);
    expect(socket.sent).toHaveLength(3);
  });

  it('[PR2] a tick makes the self row as fresh as the clock of the gateway', async () => {
    const socket = await connect();
    const a = fixture.client.get('a');
    socket.event('tick', { ts: 1_030_000 }, { seq: 2 });
    expect(fixture.client.get('gateway')).toMatchObject({ ts: 1_030_000 });
    expect(fixture.client.get('a')).toBe(a);
    expect(fixture.client.roster.nowMs).toBe(1_030_000);
  });
});

describe('over a lost connection', () => {
  it('[PE3] keeps the rows, not live, with the moment they are from', async () => {
    const socket = await connect();
    socket.close(1006);
    expect(fixture.client.roster).toMatchObject({ live: false, asOfMs: 1_000_005 });
    expect(keys()).toEqual(['gateway', 'a', 'b']);
    expect(fixture.client.state).toMatchObject({ phase: 'reconnecting', attempts: 1, retryInMs: 188 });
  });

  it('[PE3] in the same run of the gateway, what left meanwhile has left', async () => {
    (await connect()).close(1006);
    await pass(200);
    const socket = await welcome();
    forget();
    socket.event('presence.delta', delta(0, 9, [selfRow, row('b')]), { seq: 1 });
    await pass();
    expect(kinds()).toEqual(['leave a']);
    expect(fixture.client.roster.live).toBe(true);
  });

  it('[PE3] after a restart rows may come back within the grace, and leave after it', async () => {
    (await connect({ graceMs: 5_000 })).close(1012, 'service restart');
    expect(fixture.client.state).toMatchObject({ code: 'SERVICE_RESTART' });
    await pass(200);
    const socket = await welcome();
    forget();
    socket.event('presence.delta', delta(0, 1, [selfRow], [], 'f'), { seq: 1 });
    await pass(4_000);
    socket.event('presence.delta', delta(1, 2, [row('b', { ts: 2 })], [], 'f'), { seq: 2 });
    await pass(999);
    expect(kinds()).toEqual(['update b']);
    await pass(1);
    expect(kinds()).toEqual(['update b', 'leave a']);
  });

  it('[PE3] a restart within the grace begins it anew', async () => {
    (await connect({ graceMs: 5_000 })).close(1006);
    await pass(200);
    const first = await welcome();
    first.event('presence.delta', delta(0, 1, [selfRow], [], 'f'), { seq: 1 });
    await pass(4_000);
    first.close(1006);
    await pass(400);
    const second = await welcome();
    second.event('presence.delta', delta(0, 3, [selfRow], [], 'f'), { seq: 1 });
    forget();
    await pass(4_999);
    expect(kinds()).toEqual([]);
    await pass(1);
    expect(kinds()).toEqual(['leave a', 'leave b']);
  });
});

describe('following full lists', () => {
  const gatewayEntry = { mode: 'gateway', reason: 'self', instanceId: 'g', ts: 1 };

  it('[PW7] takes the snapshot and every event, and drops old ones', async () => {
    create();
    const socket = await welcome(fullLists([gatewayEntry, { instanceId: 'A', ts: 1 }], 3));
    expect(keys()).toEqual(['g', 'a']);
    socket.event('presence', { presence: [gatewayEntry] }, { seq: 1, stateVersion: { presence: 4 } });
    socket.event('presence', { presence: [] }, { seq: 2, stateVersion: { presence: 2 } });
    expect(keys()).toEqual(['g']);
  });

  it('reads the list after a gap, and every so often, which is when such a gateway prunes', async () => {
    create({ listIntervalMs: 50_000 });
    const socket = await welcome(fullLists([gatewayEntry, { instanceId: 'a', ts: 1 }]));
    socket.event('tick', { ts: 1 }, { seq: 1 });
    socket.event('tick', { ts: 2 }, { seq: 3 });
    await pass();
    socket.answer('system-presence', [gatewayEntry, { instanceId: 'a', ts: 1 }]);
    await pass(50_000);
    socket.answer('system-presence', [gatewayEntry]);
    await pass();
    expect(keys()).toEqual(['g']);
    expect(socket.sent.map(({ method }) => method)).toEqual([
      'connect',
      'system-presence',
      'system-presence',
    ]);
  });
});
