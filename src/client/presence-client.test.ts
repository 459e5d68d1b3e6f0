import { describe, expect, it, vi } from 'vitest';
import { delta, hello, pass, row, scriptedClient, selfRow } from '../../test/harness/scripted-client.ts';
import type { PresenceClientOptions } from './options.ts';
import { createPresenceClient } from './presence-client.ts';
import { memoryStore } from './store.ts';

describe('connecting', () => {
  const fixture = scriptedClient();
  const { connect, create, keys, welcome } = fixture;

  it('[PW2] introduces itself, and keeps the instanceId that it made', async () => {
    const store = memoryStore();
    create({ client: {}, token: 't', store, newId: () => 'made' });
    fixture.gateway.latest.open();
    await pass();
    expect(fixture.gateway.latest.sent[0]).toMatchObject({
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
    fixture.gateway.latest.open();
    await pass();
    fixture.gateway.latest.answer('connect', hello());
    fixture.gateway.latest.event('presence.delta', delta(0, 5, [selfRow, row('a')]), { seq: 1 });
    fixture.gateway.latest.event('presence.delta', delta(5, 6, [row('b')]), { seq: 2 });
    await pass();
    expect(fixture.client.roster).toMatchObject({ live: true, version: 6, epoch: 'e' });
    expect(keys()).toEqual(['gateway', 'a', 'b']);
    expect(fixture.gateway.latest.sent).toHaveLength(1);
  });

  it('is not live before the first delta, since the hello holds only two rows', async () => {
    create();
    await welcome();
    expect(fixture.client.state).toMatchObject({ phase: 'connected', feed: 'delta', connectionId: 'c' });
    expect(fixture.client.roster).toMatchObject({ live: false, instances: [] });
  });

  it('[PA4] a role that may not read has no roster, and loses none', async () => {
    create({ role: 'node' });
    await welcome(hello({ auth: { role: 'node', scopes: [] } }));
    expect(fixture.client.state).toMatchObject({ phase: 'connected', feed: 'none' });
    expect(fixture.client.roster).toMatchObject({ live: false, instances: [] });
  });

  it('[PA4] is refused when it requested to read and may not', async () => {
    create();
    await welcome(hello({ auth: { role: 'operator', scopes: [] } }));
    expect(fixture.client.state).toMatchObject({ phase: 'refused', code: 'MISSING_SCOPE' });
    await pass(60_000);
    expect(fixture.gateway.sockets).toHaveLength(1);
    fixture.client.start();
    expect(fixture.gateway.sockets).toHaveLength(2);
  });

  it('a refusal for good ends changes() with an error that states what to do', async () => {
    create();
    const before = fixture.client.changes().next();
    fixture.gateway.latest.open();
    await pass();
    const details = { code: 'AUTH_TOKEN_MISMATCH' };
    fixture.gateway.latest.refuse('connect', { code: 'INVALID_REQUEST', message: 'wrong token', details });
    const failure = expect.objectContaining({
      code: 'AUTH_TOKEN_MISMATCH',
      message: expect.stringMatching(/wrong token\. Pass the token/),
    });
    const fails = [expect(before).rejects.toEqual(failure)];
    await pass();
    fails.push(expect(fixture.client.changes().next()).rejects.toEqual(failure));
    await Promise.all(fails);
  });

  it('calls listeners of one row only for that row, and those of the state only for the state', async () => {
    const socket = await connect();
    const told: unknown[] = [];
    const stops = [
      fixture.client.onInstance(' A ', (found) => told.push(['a', found?.host])),
      fixture.client.onInstance('gateway', (found) => told.push(['gateway', found?.ts])),
      fixture.client.onState(({ phase }) => told.push(phase)),
      fixture.client.onChanges((changes, renewed) =>
        told.push([changes.length, renewed.map(({ key }) => key)]),
      ),
    ];
    const of = { deviceId: 'd', mode: 'ui' };
    socket.event('presence.delta', delta(5, 6, [row('b', { host: 'new' })]), { seq: 2 });
    socket.event('presence.delta', delta(6, 7, [row('a', { host: 'x', ...of })]), { seq: 3 });
    socket.event('presence.delta', delta(7, 8, [row('c', { host: 'x', ...of })], ['a']), { seq: 4 });
    await pass();
    expect(told).toEqual([
      ['gateway', 1_000_006],
      [1, ['gateway']],
      ['a', 'x'],
      ['gateway', 1_000_007],
      [1, ['gateway']],
      ['a', undefined],
      ['gateway', 1_000_008],
      [1, ['gateway']],
    ]);
    for (const stop of stops) stop();
    told.length = 0;
    socket.close(1006);
    expect(told).toEqual([]);
  });

  it('a listener that throws does not affect the others', async () => {
    const logger = { debug: vi.fn(), warn: vi.fn() };
    create({ logger });
    const heard = vi.fn();
    fixture.client.subscribe(() => {
      throw new Error('mine');
    });
    fixture.client.subscribe(heard);
    await welcome();
    expect(fixture.client.state.phase).toBe('connected');
    expect(heard).toHaveBeenCalled();
    expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('mine'));
  });

  it('a listener may stop the client', async () => {
    create();
    fixture.client.subscribe(() => fixture.client.state.phase === 'connected' && fixture.client.stop());
    await welcome();
    expect(fixture.client.state.phase).toBe('idle');
  });

  it('a request needs a connection', async () => {
    create();
    await expect(fixture.client.request('health')).rejects.toThrow('connecting');
    expect(await fixture.client.beacon()).toMatchObject({ ok: false, retryable: true });
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
