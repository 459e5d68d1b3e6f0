import { describe, expect, it } from 'vitest';
import { gatewayFixture } from '../../../test/harness/gateway-fixture.ts';
import { EVENTS } from '../../protocol/index.ts';
import { OPERATIONS } from '../operations/registry.ts';

describe('hello', () => {
  it('[PW5] says what is served, what was granted and the limits', () => {
    const { open, timers } = gatewayFixture({ tickIntervalMs: 20_000 });
    timers.advance(1_500);
    const hello = open().connect({ scopes: ['operator.read', 'operator.pairing'] });
    expect(hello).toMatchObject({
      type: 'hello-ok',
      protocol: 4,
      server: { version: '1.2.3', connId: expect.stringMatching(/^id-\d+$/), bootId: 'id-1' },
      features: {
        methods: OPERATIONS.map(({ name }) => name),
        events: EVENTS,
        capabilities: ['presence-delta', 'notices'],
      },
      snapshot: { health: {}, uptimeMs: 1_500 },
      auth: { role: 'operator', scopes: ['operator.read', 'operator.pairing'] },
      policy: { maxPayload: 4_194_304, tickIntervalMs: 20_000 },
    });
  });

  it('[PW5] [PW6] the snapshot holds everything, the own row included, at its version', () => {
    const { open, connect } = gatewayFixture();
    connect({ client: { instanceId: 'first' } });
    const client = open();
    const { snapshot } = client.connect({ client: { instanceId: 'second' } });
    expect(snapshot.presence.map(({ instanceId }) => instanceId)).toEqual(['gateway-1', 'second', 'first']);
    expect(client.call('system-presence')).toEqual(snapshot.presence);
    const { version } = client.call<{ version: number }>('presence.list');
    expect(snapshot.stateVersion.presence).toBe(version);
  });

  it('[PA4] without read scope the snapshot is empty', () => {
    const { open } = gatewayFixture();
    expect(open().connect({ scopes: ['operator.pairing'] }).snapshot.presence).toEqual([]);
    expect(open().connect({ role: 'node', scopes: [] }).snapshot.presence).toEqual([]);
  });

  it('[PE2] readers of deltas get the row of the gateway and their own, then everything at once', () => {
    const { open, connect, timers } = gatewayFixture();
    connect({ client: { instanceId: 'first' } });
    const client = open();
    const { snapshot } = client.connect({
      client: { instanceId: 'second' },
      caps: ['presence-delta'],
    });
    expect(snapshot.presence.map(({ instanceId }) => instanceId)).toEqual(['gateway-1', 'second']);
    timers.runSoon();
    const [delta, ...more] = client.events<{ from: number; to: number; upsert: { key: string }[] }>(
      'presence.delta',
    );
    expect(more).toEqual([]);
    expect(delta).toMatchObject({ from: 0, to: snapshot.stateVersion.presence });
    expect(delta?.upsert.map(({ key }) => key)).toEqual(['gateway-1', 'second', 'first']);
  });

  it('[PR4] a hidden reader of deltas gets the row of the gateway', () => {
    const { open } = gatewayFixture();
    const { snapshot } = open().connect({ client: { mode: ' CLI ' }, caps: ['presence-delta'] });
    expect(snapshot.presence.map(({ instanceId }) => instanceId)).toEqual(['gateway-1']);
  });

  it('[PW5] names with quotes and brackets do not break it', () => {
    const { open } = gatewayFixture({ version: '1"presence":[]' });
    const displayName = 'a "presence":[] b';
    const { server, snapshot } = open().connect({ client: { displayName }, scopes: ['operator.read'] });
    expect(server.version).toBe('1"presence":[]');
    expect(snapshot.presence[1]?.host).toBe(displayName);
  });

  it('[PI1] [PI2] the row shows the address of the socket, unless it is loopback', () => {
    const { open } = gatewayFixture();
    const ipOf = (address: string): string | undefined =>
      open({ address }).connect({ client: { instanceId: 'a' } }).snapshot.presence[1]?.ip;
    expect(ipOf('127.0.0.1')).toBeUndefined();
    expect(ipOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(ipOf('fe80::1%eth0')).toBe('fe80::1');
    expect(ipOf('::1')).toBe('fe80::1');
  });
});
