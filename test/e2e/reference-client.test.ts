import { afterEach, describe, expect, it } from 'vitest';
import type { PresenceEntry } from '../../src/core/index.ts';
import { newDevice } from '../harness/device.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { answersEveryPing } from '../harness/pinged.ts';
import { ReferenceClient, type ReferenceOptions } from '../harness/reference-client.ts';

const start = gatewayStarter();
const started: ReferenceClient[] = [];

afterEach(async () => {
  for (const client of started.splice(0)) await client.stop();
});

async function client(gateway: ListeningGateway, options: ReferenceOptions = {}): Promise<ReferenceClient> {
  const made = new ReferenceClient(gateway.url, options);
  started.push(made);
  await made.start();
  return made;
}

/** A hidden client that may write, so that the roster holds only the rows of the test. */
function writer(gateway: ListeningGateway): Promise<ReferenceClient> {
  return client(gateway, { mode: 'cli', clientName: 'cli', scopes: ['operator.admin'] });
}

const presenceOf = (reader: ReferenceClient): Promise<PresenceEntry[]> => reader.request('system-presence');

async function rowsOf(reader: ReferenceClient): Promise<PresenceEntry[]> {
  return (await presenceOf(reader)).filter(({ mode }) => mode !== 'gateway');
}

/** Waits for a presence event whose list matches. */
async function toldThat(viewer: ReferenceClient, fits: (list: PresenceEntry[]) => boolean): Promise<void> {
  const isSuch = ({ event, payload }: { event: string; payload: unknown }): boolean =>
    event === 'presence' && fits((payload as { presence: PresenceEntry[] }).presence);
  await viewer.until(() => viewer.events.some(isSuch));
}

describe('the reference client', () => {
  it.each([3, 4] as const)(
    '[PW3] [PA3] [PR3] a signed ui client of protocol %i is a row at once',
    async (protocol) => {
      const gateway = await start();
      const device = newDevice();
      const ui = await client(gateway, {
        device,
        instanceId: 'Mac-1',
        clientDisplayName: 'Desk',
        deviceFamily: 'Mac',
        minProtocol: protocol,
        maxProtocol: protocol,
      });
      const [hello] = ui.hellos;
      expect(hello?.protocol).toBe(protocol);
      const own = {
        host: 'Desk',
        instanceId: 'Mac-1',
        deviceId: device.id,
        mode: 'ui',
        reason: 'connect',
        version: '1.0.0',
        platform: 'linux',
        deviceFamily: 'Mac',
        roles: ['operator'],
        scopes: ['operator.read'],
        text: 'Node: Desk · mode ui',
        ts: gateway.clock.wallMs,
      };
      expect(hello?.snapshot.presence).toEqual([expect.objectContaining({ reason: 'self' }), own]);
      expect(await presenceOf(ui)).toEqual(hello?.snapshot.presence);
      expect(ui.complaints).toEqual([]);
    },
  );

  it('[PR1] [PW6] lists the gateway first, before any client connects', async () => {
    const [self, ...others] = await presenceOf(await writer(await start()));
    expect(others).toEqual([]);
    expect(self).toMatchObject({
      mode: 'gateway',
      reason: 'self',
      instanceId: 'gateway-1',
      version: '1.2.3',
    });
    expect(self?.text).toMatch(/^Gateway: .+ · app 1\.2\.3 · mode gateway · reason self$/);
  });

  it('[PK1] [PK5] [PR6] a beacon of the same instance in other letter case is one row that keeps its facts', async () => {
    const gateway = await start();
    const ui = await client(gateway, {
      device: newDevice(),
      instanceId: 'Mac-1',
      deviceFamily: 'Mac',
      scopes: ['operator.admin'],
    });
    await ui.request('system-event', {
      text: 'Node: Desk (192.0.2.7) · app 2.0.0 · last input 7s ago · mode ui · reason periodic',
      instanceId: ' MAC-1',
      modelIdentifier: 'Mac16,1',
    });
    expect(await rowsOf(ui)).toEqual([
      expect.objectContaining({
        instanceId: 'MAC-1',
        host: 'Desk',
        ip: '192.0.2.7',
        version: '2.0.0',
        platform: 'linux',
        deviceFamily: 'Mac',
        modelIdentifier: 'Mac16,1',
        lastInputSeconds: 7,
        reason: 'periodic',
        roles: ['operator'],
      }),
    ]);
  });

  it('[PR8] [PK5] two sockets of one instance, one closes, the row stays connected', async () => {
    const gateway = await start();
    const watching = await writer(gateway);
    const first = await client(gateway, { instanceId: 'mac', scopes: ['operator.read'] });
    const second = await client(gateway, { instanceId: 'MAC', scopes: ['operator.write'] });
    expect(await rowsOf(watching)).toEqual([
      expect.objectContaining({ reason: 'connect', scopes: ['operator.read', 'operator.write'] }),
    ]);
    await second.stop();
    await toldThat(first, (list) => list[1]?.scopes?.length === 1);
    expect(await rowsOf(watching)).toEqual([
      expect.objectContaining({ reason: 'connect', scopes: ['operator.read'] }),
    ]);
    await first.stop();
    await toldThat(watching, (list) => list[1]?.reason === 'disconnect');
  });

  it('[PK6] a reconnect is one row', async () => {
    const gateway = await start();
    const watching = await writer(gateway);
    const ui = await client(gateway, { instanceId: 'mac', device: newDevice() });
    ui.drop();
    await ui.until(() => ui.hellos.length === 2);
    expect(await rowsOf(watching)).toEqual([
      expect.objectContaining({ instanceId: 'mac', reason: 'connect' }),
    ]);
  });

  it('[PT3] 1 000 distinct beacons leave self and the newest 199', async () => {
    const gateway = await start({ requestsPerSecond: 0 });
    const sender = await writer(gateway);
    for (let beacon = 1; beacon <= 1_000; beacon += 1) {
      await sender.request('system-event', { text: 'x', instanceId: `i-${beacon}` });
    }
    const [self, ...rows] = await presenceOf(sender);
    expect(self).toMatchObject({ reason: 'self' });
    const newest = Array.from({ length: 199 }, (_, index) => `i-${1_000 - index}`);
    expect(rows.map(({ instanceId }) => instanceId)).toEqual(newest);
  });

  it('[PR7] [PT1] a live silent client is still listed after 6 minutes, active all the time', async () => {
    const gateway = await start();
    const silent = await client(gateway, { instanceId: 'silent', scopes: [] });
    const watching = await writer(gateway);
    const both = [silent.socket, watching.socket];
    for (let passedMs = 0; passedMs < 360_000; passedMs += 5_000) {
      gateway.timers.advance(5_000);
      await answersEveryPing(both);
      const [row] = await rowsOf(watching);
      expect(gateway.clock.wallMs - (row?.ts ?? 0)).toBeLessThan(120_000);
    }
    expect(await rowsOf(watching)).toEqual([expect.objectContaining({ reason: 'connect' })]);
  });

  it('[PT1] [PT2] a beacon is removed after 5 minutes and viewers are notified', async () => {
    const gateway = await start();
    const watching = await writer(gateway);
    await watching.request('system-event', { text: 'x', instanceId: 'short' });
    await toldThat(watching, (list) => list.length === 2);
    for (let passedMs = 0; passedMs < 300_000; passedMs += 20_000) {
      expect(await rowsOf(watching)).toHaveLength(1);
      gateway.timers.advance(20_000);
      await answersEveryPing([watching.socket]);
    }
    expect(await rowsOf(watching)).toHaveLength(1);
    const told = watching.events.length;
    gateway.timers.advance(1_000);
    await watching.until(() => watching.events.length > told);
    expect(watching.events.at(-1)?.payload).toEqual({
      presence: [expect.objectContaining({ reason: 'self' })],
    });
  });

  it.each([-86_400_000, 86_400_000])(
    '[PT4] setting the wall clock by %i ms keeps nothing alive and removes nothing',
    async (byMs) => {
      const gateway = await start();
      const watching = await writer(gateway);
      await watching.request('system-event', { text: 'x', instanceId: 'row' });
      gateway.clock.setWall(gateway.clock.wallMs + byMs);
      gateway.timers.advance(2_000);
      const [row] = await rowsOf(watching);
      expect(gateway.clock.wallMs - (row?.ts ?? 0)).toBe(2_000);
      for (let passedMs = 2_000; passedMs < 300_000; passedMs += 20_000) {
        gateway.timers.advance(Math.min(20_000, 300_000 - passedMs));
        await answersEveryPing([watching.socket]);
      }
      expect(await rowsOf(watching)).toHaveLength(1);
      gateway.timers.advance(1_000);
      expect(await rowsOf(watching)).toHaveLength(0);
    },
  );

  it('[PR5] [PR9] [PA5] a signed node: its row, its events, and no method of an operator', async () => {
    const gateway = await start();
    const watching = await writer(gateway);
    const device = newDevice();
    const node = await client(gateway, {
      device,
      clientName: 'node-host',
      clientDisplayName: 'NodeA',
      mode: 'node',
      role: 'node',
      scopes: [],
      instanceId: device.id,
    });
    expect(await rowsOf(watching)).toEqual([
      expect.objectContaining({
        host: 'NodeA',
        reason: 'node-connected',
        roles: ['node'],
        deviceId: device.id,
      }),
    ]);
    const event = (name: string, payload: unknown): Promise<unknown> =>
      node.request('node.event', { event: name, payloadJSON: JSON.stringify(payload) });
    const stored = { ok: true, handled: true, reason: 'stored' };
    const stats = { cpuCount: 8, memoryTotalBytes: 16, memoryFreeBytes: 4, loadAverage: [0.5, 1, 2] };
    expect(await event('node.host.stats', stats)).toMatchObject(stored);
    expect(await event('node.presence.activity', { idleSeconds: 9 })).toMatchObject(stored);
    expect(await event('something.else', {})).toMatchObject({ ok: true, handled: false });
    expect(await rowsOf(watching)).toEqual([expect.objectContaining({ lastInputSeconds: 9 })]);
    const { instances } = await watching.request<{ instances: unknown[] }>('presence.list');
    expect(instances[1]).toMatchObject({ hostStats: stats });
    await event('node.presence.activity', { action: 'clear' });
    expect((await rowsOf(watching))[0]).not.toHaveProperty('lastInputSeconds');
    await expect(node.request('system-presence')).rejects.toThrow('unauthorized role: node');
    await expect(node.request('system-event', { text: 'x', instanceId: 'other' })).rejects.toThrow();
    expect(await node.request('system-event', { text: 'x', version: '2' })).toEqual({
      ok: true,
      accepted: 1,
    });
    expect(await rowsOf(watching)).toEqual([expect.objectContaining({ version: '2', host: 'NodeA' })]);
  });

  it('[PK8] a signed web page that reloads keeps one row; two open tabs keep two', async () => {
    const gateway = await start();
    const watching = await writer(gateway);
    const device = newDevice();
    const page = { device, mode: 'webchat', clientName: 'webchat-ui' } as const;
    const before = await client(gateway, { ...page, instanceId: 'load-1' });
    await before.stop();
    await toldThat(watching, (list) => list[1]?.reason === 'disconnect');
    const after = await client(gateway, { ...page, instanceId: 'load-2' });
    expect(await rowsOf(watching)).toEqual([
      expect.objectContaining({ instanceId: 'load-2', reason: 'connect' }),
    ]);
    await client(gateway, { ...page, instanceId: 'load-3' });
    expect((await rowsOf(watching)).map(({ instanceId }) => instanceId)).toEqual(['load-3', 'load-2']);
    expect(after.complaints).toEqual([]);
  });

  it('[PR4] cli is never a row; probe and backend are rows while connected', async () => {
    const gateway = await start();
    const watching = await writer(gateway);
    const probe = await client(gateway, { mode: 'probe', instanceId: 'p' });
    const backend = await client(gateway, { mode: 'backend', instanceId: 'b' });
    expect((await rowsOf(watching)).map(({ mode }) => mode)).toEqual(['backend', 'probe']);
    await probe.stop();
    await backend.stop();
    await toldThat(watching, (list) => list.length === 1);
    expect(await rowsOf(watching)).toEqual([]);
  });

  it('[PA4] without read scope: an empty snapshot and no presence events', async () => {
    const gateway = await start();
    const blind = await client(gateway, { scopes: [], instanceId: 'blind' });
    const watching = await writer(gateway);
    expect(blind.hellos[0]?.snapshot.presence).toEqual([]);
    await watching.request('system-event', { text: 'x', instanceId: 'row' });
    await toldThat(watching, (list) => list.length === 3);
    await expect(blind.request('system-presence')).rejects.toThrow('missing scope: operator.read');
    await expect(blind.request('presence.list')).rejects.toThrow('missing scope: operator.read');
    expect(blind.events.filter(({ event }) => event === 'presence')).toEqual([]);
  });
});
