import { describe, expect, it } from 'vitest';
import type { ConnectOverrides } from '../../../test/harness/connect-params.ts';
import { newDevice, signedConnectParams } from '../../../test/harness/device.ts';
import { type GatewayFixture, gatewayFixture } from '../../../test/harness/gateway-fixture.ts';
import type { PairClient } from '../../../test/harness/pair-client.ts';
import type { InstanceView } from '../../core/index.ts';
import { OPERATIONS } from './registry.ts';

const device = newDevice();

/** A gateway with a victim that has an instance id and a verified device, and one that has neither. */
function setup(): GatewayFixture & { readonly victims: () => readonly InstanceView[] } {
  const fixture = gatewayFixture();
  const victim = fixture.open({ address: '192.0.2.10' });
  const [{ nonce } = { nonce: '' }] = victim.events<{ nonce: string }>('connect.challenge');
  const client = { instanceId: 'Victim', displayName: 'desk' };
  victim.call('connect', signedConnectParams({ device, nonce, signedAt: fixture.clock.wallMs }, { client }));
  fixture.connect({ client: { displayName: 'nameless' } }, { address: '192.0.2.11' });
  const observer = fixture.connect({ client: { mode: 'cli' } });
  const list = (): readonly InstanceView[] =>
    observer.call<{ instances: InstanceView[] }>('presence.list').instances;
  const keys = new Set(list().map(({ key }) => key));
  // The gateway's own row is new at every reading.
  return { ...fixture, victims: () => list().filter(({ key, self }) => keys.has(key) && self !== true) };
}

const intruders: readonly [string, ConnectOverrides][] = [
  ['an operator without scopes', { scopes: [] }],
  ['an operator who may read', { scopes: ['operator.read'] }],
  ['an operator with other scopes', { scopes: ['operator.approvals', 'operator.pairing'] }],
  ['a node', { role: 'node', scopes: [] }],
  ['a node with every scope', { role: 'node', scopes: ['operator.admin', 'operator.write'] }],
  ['a hidden client', { scopes: ['operator.read'], client: { mode: 'cli' } }],
];

const forged = { mode: 'node', reason: 'forged', lastInputSeconds: 1, version: '6.6.6' };

const tricks: readonly [string, (views: readonly InstanceView[]) => Record<string, unknown>][] = [
  ['its instance id', () => ({ instanceId: 'Victim' })],
  ['its instance id in other letter case and with blanks', () => ({ instanceId: '  vICTIM ' })],
  ['its device id', () => ({ deviceId: device.id })],
  ['its device id in capitals', () => ({ deviceId: device.id.toUpperCase() })],
  ['its device id as instance id', () => ({ instanceId: device.id })],
  ['its instance id as device id', () => ({ deviceId: 'victim' })],
  ['its instance id as host', () => ({ host: 'victim' })],
  ['its instance id as text', () => ({ text: 'victim' })],
  ['the connection id of one without ids', ([, nameless]) => ({ instanceId: nameless?.key })],
  ['that connection id as host', ([, nameless]) => ({ host: nameless?.key })],
  ['its host and address in a text line', () => ({ text: 'Node: desk (192.0.2.10) · mode node' })],
  ['its address', () => ({ ip: '192.0.2.10' })],
  ['the own instance id and its device id', () => ({ instanceId: 'intruder', deviceId: device.id })],
];

function errorOf(client: PairClient, method: string, params: unknown): Record<string, unknown> | undefined {
  const answer = client.ask(method, params);
  return answer.type === 'res' && !answer.ok ? { ...answer.error } : undefined;
}

/** Sends a request; one who called above its role too often hears nothing any more. */
function tell(client: PairClient, method: string, params: unknown): void {
  client.send(JSON.stringify({ type: 'req', id: 'tell', method, params }));
}

describe.each(intruders)('%s', (_, overrides) => {
  const intrude = ({ connect }: GatewayFixture): PairClient =>
    connect({ ...overrides, client: { instanceId: 'intruder', ...overrides.client } });

  it.each(tricks)('[PA5] cannot write the row of another by %s', (__, trick) => {
    const fixture = setup();
    const before = fixture.victims();
    const intruder = intrude(fixture);
    const params = { text: 'x', ...forged, ...trick(before) };
    tell(intruder, 'system-event', params);
    expect(fixture.victims()).toEqual(before);
  });

  it.each(OPERATIONS.map(({ name }) => name))(
    '[PA5] changes no row but its own by %s, whatever it claims',
    (method) => {
      const fixture = setup();
      const before = fixture.victims();
      const intruder = intrude(fixture);
      for (const [, trick] of tricks) {
        const claims = { ...forged, ...trick(before) };
        const payloadJSON = JSON.stringify({ idleSeconds: 1, ...claims });
        for (const event of ['node.presence.activity', 'node.presence.alive', 'node.host.stats']) {
          tell(intruder, method, { ...claims, event, payloadJSON, payload: claims });
        }
        tell(intruder, method, claims);
      }
      expect(fixture.victims()).toEqual(before);
    },
  );

  it.each([
    ['its instance id', { instanceId: 'gateway-1' }],
    ['its instance id in capitals', { instanceId: ' GATEWAY-1 ' }],
    ['its instance id as host', { host: 'gateway-1' }],
    ['mode gateway and reason self', { instanceId: 'intruder', mode: 'gateway', reason: 'self' }],
    ['the same in capitals', { instanceId: 'intruder', mode: ' GATEWAY', reason: 'Self ' }],
    ['the same in a text line', { text: 'Node: intruder · mode gateway · reason self' }],
  ])('[PR2] cannot pretend to be the gateway by %s', (__, claim) => {
    const fixture = setup();
    const intruder = intrude(fixture);
    expect(errorOf(intruder, 'system-event', { text: 'x', ...claim })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('[PR2] cannot connect as the gateway', () => {
    const fixture = setup();
    const intruder = fixture.open();
    expect(() => intruder.connect({ ...overrides, client: { instanceId: 'Gateway-1' } })).toThrow('SELF_ROW');
    expect(intruder.transport.closedWith?.code).toBe(1008);
  });
});

describe('[PR2] nobody writes the row of the gateway', () => {
  it.each(['operator.write', 'operator.admin'])('not even with %s', (scope) => {
    const fixture = setup();
    const writer = fixture.connect({ scopes: [scope] });
    expect(writer.refused('system-event', { text: 'x', instanceId: 'gateway-1' }).details).toEqual({
      code: 'SELF_ROW',
    });
    writer.call('system-event', { text: 'x', instanceId: 'other', mode: 'gateway' });
    expect(
      writer.refused('system-event', { text: 'x', instanceId: 'other', reason: 'self' }).details,
    ).toEqual({
      code: 'SELF_ROW',
    });
  });
});

describe('who may not read', () => {
  const blind: readonly [string, ConnectOverrides][] = [
    ['an operator without scopes', { scopes: [] }],
    ['an operator with other scopes', { scopes: ['operator.approvals'] }],
    ['a node', { role: 'node', scopes: [] }],
  ];

  it.each(
    blind.flatMap(([who, overrides]) => [
      [who, overrides, [] as string[]] as const,
      [who, overrides, ['presence-delta']] as const,
    ]),
  )('[PA4] %s sees nobody: %j, capabilities %j', (_, overrides, caps) => {
    const fixture = setup();
    const viewer = fixture.open();
    const hello = viewer.connect({ ...overrides, caps });
    expect(hello.snapshot.presence).toEqual([]);
    fixture.connect({ client: { instanceId: 'late' } });
    fixture.timers.advance(120_000);
    const heard = viewer.received().flatMap((frame) => (frame.type === 'event' ? [frame.event] : []));
    expect(new Set(heard)).toEqual(new Set(['connect.challenge', 'tick']));
    expect(JSON.stringify(viewer.received())).not.toMatch(/victim|desk|late|192\.0\.2/i);
  });

  it.each(['system-presence', 'presence.list', 'status', 'config.get', 'node.list'])(
    '[PA4] %s is FORBIDDEN to operators without the scope, and not for nodes at all',
    (method) => {
      const fixture = setup();
      expect(fixture.connect({ scopes: [] }).refused(method)).toMatchObject({
        code: 'FORBIDDEN',
        details: { missingScope: 'operator.read' },
      });
      expect(fixture.connect({ role: 'node', scopes: [] }).refused(method)).toMatchObject({
        message: 'unauthorized role: node',
      });
    },
  );
});
