import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ScriptedGateway,
  type ScriptedSocket,
  scriptedGateway,
} from '../../test/harness/scripted-gateway.ts';
import type { InstanceView } from '../core/entry.ts';
import type { InstanceChange } from './instance.ts';
import type { PresenceClientOptions } from './options.ts';
import { createPresenceClient, type PresenceClient } from './presence-client.ts';
import { memoryStore } from './store.ts';

const row = (key: string, more: Partial<InstanceView> = {}): InstanceView => ({
  key,
  ts: 1_000_000,
  connections: 1,
  firstSeenAtMs: 1,
  sources: {},
  ...more,
});
const self = row('gateway', { self: true, mode: 'gateway', reason: 'self' });
const delta = (from: number, to: number, upsert: InstanceView[], remove: string[] = [], epoch = 'e') => ({
  epoch,
  from,
  to,
  now: 1_000_000 + to,
  upsert,
  remove,
});
const hello = (more: object = {}) => ({
  type: 'hello-ok',
  protocol: 4,
  server: { version: '1', connId: 'c' },
  features: { methods: [], events: [], capabilities: ['presence-delta'] },
  snapshot: { presence: [], health: {}, stateVersion: { presence: 1, health: 1 }, uptimeMs: 1 },
  auth: { role: 'operator', scopes: ['operator.read'] },
  policy: { maxPayload: 1, maxBufferedBytes: 1, tickIntervalMs: 30_000 },
  ...more,
});
const fullLists = (presence: object[], version = 1) =>
  hello({
    features: { methods: [], events: [] },
    snapshot: { presence, health: {}, stateVersion: { presence: version, health: 1 }, uptimeMs: 1 },
  });

/** Lets what was promised happen, and `ms` go by. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

describe('presence client', () => {
  let gateway: ScriptedGateway;
  let client: PresenceClient;
  let changes: InstanceChange[];

  beforeEach(() => {
    vi.useFakeTimers();
    gateway = scriptedGateway();
    changes = [];
  });
  afterEach(() => {
    client.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  const create = (more: Partial<PresenceClientOptions> = {}): PresenceClient => {
    client = createPresenceClient({
      url: 'ws://gateway.test',
      createSocket: gateway.createSocket,
      clock: { now: () => ({ monoMs: Date.now(), wallMs: Date.now() }) },
      random: () => 0.5,
      client: { instanceId: 'me', mode: 'ui', displayName: 'Me' },
      beaconIntervalMs: 0,
      ...more,
    });
    void collect(client);
    client.start();
    return client;
  };
  const collect = async (from: PresenceClient): Promise<void> => {
    for await (const change of from.changes()) changes.push(change);
  };
  const welcome = async (answer: object = hello()): Promise<ScriptedSocket> => {
    const { latest } = gateway;
    latest.open();
    await pass();
    latest.answer('connect', answer);
    await pass();
    return latest;
  };
  const connect = async (more: Partial<PresenceClientOptions> = {}): Promise<ScriptedSocket> => {
    create(more);
    const socket = await welcome();
    socket.event('presence.delta', delta(0, 5, [self, row('a'), row('b')]), { seq: 1 });
    await pass();
    return socket;
  };
  const kinds = () => changes.map(({ kind, key }) => `${kind} ${key}`);
  const keys = () => client.roster.instances.map(({ key }) => key);

  describe('connecting', () => {
    it('[PW2] introduces itself, and keeps the instanceId that it made', async () => {
      const store = memoryStore();
      create({ client: {}, token: 't', store, newId: () => 'made' });
      gateway.latest.open();
      await pass();
      expect(gateway.latest.sent[0]).toMatchObject({
        method: 'connect',
        params: {
          minProtocol: 3,
          maxProtocol: 4,
          client: { id: 'gateway-client', mode: 'backend', platform: 'node', instanceId: 'made' },
          role: 'operator',
          scopes: ['operator.read'],
          caps: ['presence-delta'],
          auth: { token: 't' },
        },
      });
      expect(store.get('instanceId')).toBe('made');
    });

    it('[PE2] events that come in the turn of the hello are not lost', async () => {
      create();
      gateway.latest.open();
      await pass();
      gateway.latest.answer('connect', hello());
      gateway.latest.event('presence.delta', delta(0, 5, [self, row('a')]), { seq: 1 });
      gateway.latest.event('presence.delta', delta(5, 6, [row('b')]), { seq: 2 });
      await pass();
      expect(client.roster).toMatchObject({ live: true, version: 6, epoch: 'e' });
      expect(keys()).toEqual(['gateway', 'a', 'b']);
      expect(gateway.latest.sent).toHaveLength(1);
    });

    it('is not live before the first delta: the hello holds only two rows', async () => {
      create();
      await welcome();
      expect(client.state).toMatchObject({ phase: 'connected', feed: 'delta', connectionId: 'c' });
      expect(client.roster).toMatchObject({ live: false, instances: [] });
    });

    it('[PA4] a role that may not read has no roster, and loses none', async () => {
      create({ role: 'node' });
      await welcome(hello({ auth: { role: 'node', scopes: [] } }));
      expect(client.state).toMatchObject({ phase: 'connected', feed: 'none' });
      expect(client.roster).toMatchObject({ live: false, instances: [] });
    });

    it('[PA4] is refused when it asked to read and may not', async () => {
      create();
      await welcome(hello({ auth: { role: 'operator', scopes: [] } }));
      expect(client.state).toMatchObject({ phase: 'refused', code: 'MISSING_SCOPE' });
      await pass(60_000);
      expect(gateway.sockets).toHaveLength(1);
      client.start();
      expect(gateway.sockets).toHaveLength(2);
    });

    it('a listener that throws harms nobody', async () => {
      const logger = { debug: vi.fn(), warn: vi.fn() };
      create({ logger });
      const heard = vi.fn();
      client.subscribe(() => {
        throw new Error('mine');
      });
      client.subscribe(heard);
      await welcome();
      expect(client.state.phase).toBe('connected');
      expect(heard).toHaveBeenCalled();
      expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('mine'));
    });

    it('a listener may stop the client', async () => {
      create();
      client.subscribe(() => client.state.phase === 'connected' && client.stop());
      await welcome();
      expect(client.state.phase).toBe('idle');
    });

    it('a request needs a connection', async () => {
      create();
      await expect(client.request('health')).rejects.toThrow('connecting');
      expect(await client.beacon()).toMatchObject({ ok: false, retryable: true });
    });
  });

  describe('following deltas', () => {
    it('[PE3] reads the list after a gap, and shows nothing false meanwhile', async () => {
      const socket = await connect();
      changes = [];
      socket.event('presence.delta', delta(6, 7, [row('d')], ['a']), { seq: 3 });
      await pass();
      expect(kinds()).toEqual([]);
      socket.event('presence.delta', delta(7, 8, [row('e')]), { seq: 4 });
      const list = { epoch: 'e', version: 7, now: 1, instances: [self, row('b'), row('c'), row('d')] };
      socket.answer('presence.list', list);
      await pass();
      expect(kinds()).toEqual(['leave a', 'join c', 'join d', 'join e']);
      expect(socket.sent.map(({ method }) => method)).toEqual(['connect', 'presence.list']);
    });

    it('asks when the first event of a connection was lost', async () => {
      create();
      const socket = await welcome();
      socket.event('tick', { ts: 1 }, { seq: 2 });
      await pass();
      expect(socket.sent.at(-1)).toMatchObject({ method: 'presence.list' });
    });

    it('asks again, later, when the list is refused', async () => {
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
      const a = client.get('a');
      socket.event('tick', { ts: 1_030_000 }, { seq: 2 });
      expect(client.get('gateway')).toMatchObject({ ts: 1_030_000 });
      expect(client.get('a')).toBe(a);
      expect(client.roster.nowMs).toBe(1_030_000);
    });
  });

  describe('a lost connection', () => {
    it('[PE3] keeps the rows, not live, with the moment they are from', async () => {
      const socket = await connect();
      socket.close(1006);
      expect(client.roster).toMatchObject({ live: false, asOfMs: 1_000_005 });
      expect(keys()).toEqual(['gateway', 'a', 'b']);
      expect(client.state).toMatchObject({ phase: 'reconnecting', attempts: 1, retryInMs: 188 });
    });

    it('[PE3] in the same run of the gateway, what left meanwhile has left', async () => {
      (await connect()).close(1006);
      await pass(200);
      const socket = await welcome();
      changes = [];
      socket.event('presence.delta', delta(0, 9, [self, row('b')]), { seq: 1 });
      await pass();
      expect(kinds()).toEqual(['leave a']);
      expect(client.roster.live).toBe(true);
    });

    it('[PE3] after a restart rows may come back within the grace, and leave after it', async () => {
      (await connect({ graceMs: 5_000 })).close(1012, 'service restart');
      expect(client.state).toMatchObject({ code: 'SERVICE_RESTART' });
      await pass(200);
      const socket = await welcome();
      changes = [];
      socket.event('presence.delta', delta(0, 1, [self], [], 'f'), { seq: 1 });
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
      first.event('presence.delta', delta(0, 1, [self], [], 'f'), { seq: 1 });
      await pass(4_000);
      first.close(1006);
      await pass(400);
      const second = await welcome();
      second.event('presence.delta', delta(0, 3, [self], [], 'f'), { seq: 1 });
      changes = [];
      await pass(4_999);
      expect(kinds()).toEqual([]);
      await pass(1);
      expect(kinds()).toEqual(['leave a', 'leave b']);
    });

    it('[PW8] a gateway that goes silent is given up after two ticks', async () => {
      const socket = await connect();
      await pass(30_000);
      socket.event('tick', { ts: 1_030_000 }, { seq: 2 });
      await pass(59_999);
      expect(client.state.phase).toBe('connected');
      await pass(1);
      expect(client.state.phase).toBe('reconnecting');
      expect(socket.closedWith).toMatchObject({ code: 4000 });
    });

    it('waits longer after every failure, says so, and begins anew after a good connection', async () => {
      create();
      const waits: unknown[] = [];
      for (let count = 0; count < 6; count += 1) {
        gateway.latest.fail('refused');
        expect(client.state).toMatchObject({ phase: 'reconnecting', code: 'NETWORK', attempts: count + 1 });
        waits.push(client.state.phase === 'reconnecting' && client.state.retryInMs);
        await pass(4_000);
        expect(client.state).not.toHaveProperty('retryInMs');
      }
      expect(waits).toEqual([188, 375, 750, 1_500, 1_500, 1_500]);
      const socket = await welcome();
      await pass(10_000);
      socket.close(1006);
      expect(client.state).toMatchObject({ attempts: 1, retryInMs: 188 });
    });

    it('does not hurry back to a gateway that throws it out at once', async () => {
      create();
      for (let count = 1; count <= 3; count += 1) {
        (await welcome()).close(1008, 'slow consumer');
        expect(client.state).toMatchObject({ attempts: count });
        await pass(4_000);
      }
    });

    it('[PA7] stays away for as long as it is told', async () => {
      create();
      gateway.latest.open();
      await pass();
      const details = { code: 'AUTH_RATE_LIMITED' };
      gateway.latest.refuse('connect', {
        code: 'INVALID_REQUEST',
        message: 'later',
        details,
        retryAfterMs: 300_000,
      });
      await pass();
      expect(client.state).toMatchObject({
        phase: 'reconnecting',
        code: 'AUTH_RATE_LIMITED',
        retryInMs: 300_000,
      });
      await pass(299_999);
      expect(gateway.sockets).toHaveLength(1);
      await pass(1);
      expect(gateway.sockets).toHaveLength(2);
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

  describe('beacons', () => {
    it('[PR6] go out by themselves, with the own facts', async () => {
      const beaconFields = () => ({ lastInputSeconds: 3 });
      const socket = await connect({ beaconIntervalMs: 20_000, beaconFields });
      await pass(20_000);
      socket.answer('system-event', { ok: true });
      await pass(20_000);
      const beacons = socket.sent.filter(({ method }) => method === 'system-event');
      expect(beacons).toHaveLength(2);
      expect(beacons[0]?.params).toMatchObject({
        instanceId: 'me',
        host: 'Me',
        mode: 'ui',
        reason: 'periodic',
        lastInputSeconds: 3,
      });
    });

    it('[PA5] end for a connection that may not send them', async () => {
      const logger = { debug: vi.fn(), warn: vi.fn() };
      const socket = await connect({ beaconIntervalMs: 10_000, logger });
      await pass(10_000);
      socket.refuse('system-event', { code: 'FORBIDDEN', message: 'missing scope: operator.admin' });
      await pass(20_000);
      expect(socket.sent.filter(({ method }) => method === 'system-event')).toHaveLength(1);
      expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('operator.admin'));
    });

    it('[PA5] about another instance say nothing of this one', async () => {
      const socket = await connect();
      const sent = client.beacon({ instanceId: 'other', ip: '192.0.2.9' });
      expect(socket.sent.at(-1)?.params).toEqual({
        instanceId: 'other',
        ip: '192.0.2.9',
        text: expect.any(String),
      });
      socket.answer('system-event', { ok: true });
      expect(await sent).toEqual({ ok: true });
    });
  });
});

describe('createPresenceClient', () => {
  const createSocket = () => {
    throw new Error('not used here');
  };

  it.each([
    ['an address that is none', { url: 'gateway' }, 'url'],
    ['an address of another kind', { url: 'ftp://h' }, 'url'],
    ['a negative duration', { url: 'ws://h', beaconIntervalMs: -1 }, 'beaconIntervalMs'],
    ['a duration that is no number', { url: 'ws://h', graceMs: Number.NaN }, 'graceMs'],
  ])('refuses %s', (_, options, word) => {
    expect(() => createPresenceClient({ ...options, createSocket })).toThrow(TypeError);
    expect(() => createPresenceClient({ ...options, createSocket })).toThrow(word);
  });

  it('takes http addresses, and options that are undefined', () => {
    const opened: string[] = [];
    const options = {
      url: 'https://h/x',
      role: undefined,
      graceMs: undefined,
    } as unknown as PresenceClientOptions;
    const client = createPresenceClient({
      ...options,
      createSocket: (url) => {
        opened.push(url);
        throw new Error('blocked by the page');
      },
    });
    client.start();
    expect(opened).toEqual(['wss://h/x']);
    expect(client.state).toMatchObject({ phase: 'refused', code: 'SOCKET', reason: 'blocked by the page' });
  });
});
