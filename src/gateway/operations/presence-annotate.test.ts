import { describe, expect, it } from 'vitest';
import { newDevice, signedConnectParams } from '../../../test/harness/device.ts';
import { type GatewayFixture, gatewayFixture } from '../../../test/harness/gateway-fixture.ts';
import { askHttp } from '../../../test/harness/http-client.ts';
import { gatewayStarter } from '../../../test/harness/listening-gateway.ts';
import type { PairClient } from '../../../test/harness/pair-client.ts';
import type { InstanceView } from '../../core/index.ts';
import type { PresenceDelta } from '../../protocol/index.ts';

function fixture(from: GatewayFixture = gatewayFixture()) {
  const admin = from.connect({
    client: { mode: 'cli' },
    scopes: ['operator.admin'],
    caps: ['presence-delta'],
  });
  const rows = (q?: string): readonly InstanceView[] =>
    admin.call<{ instances: InstanceView[] }>('presence.list', q === undefined ? {} : { q }).instances;
  const row = (key: string): InstanceView | undefined => rows().find((view) => view.key === key);
  const annotate = (key: string, change: object) =>
    admin.call<{ annotations: object }>('presence.annotate', { key, ...change }).annotations;
  return { ...from, from, admin, rows, row, annotate };
}

/** Connects an instance of a device whose key is verified. */
function connectDevice(
  from: GatewayFixture,
  device: ReturnType<typeof newDevice>,
  instanceId: string,
): PairClient {
  const client = from.open();
  const [{ nonce } = { nonce: '' }] = client.events<{ nonce: string }>('connect.challenge');
  const signing = { device, nonce, signedAt: from.clock.wallMs };
  client.call('connect', signedConnectParams(signing, { client: { instanceId } }));
  return client;
}

describe('presence.annotate', () => {
  it('[PO1] [PO2] says what is named, leaves the rest, and takes back by null, false and blanks', () => {
    const { annotate, row, connect } = fixture();
    connect({ client: { instanceId: 'mac' } });
    const said = { name: ' Reception ', owner: 'Anna', labels: ['VIP', 'vip', 'front desk'], pin: true };
    expect(annotate(' MAC ', said)).toEqual({
      name: 'Reception',
      owner: 'Anna',
      labels: ['VIP', 'front desk'],
      pin: true,
    });
    expect(annotate('mac', { addLabels: ['new'], removeLabels: ['vip'], note: 'two\nlines' })).toEqual({
      name: 'Reception',
      owner: 'Anna',
      labels: ['front desk', 'new'],
      note: 'two\nlines',
      pin: true,
    });
    expect(annotate('mac', { name: ' ', owner: null, labels: null, note: '', pin: false })).toEqual({});
    expect(row('mac')).not.toHaveProperty('annotations');
  });

  it('[PO2] [PF2] invisible characters are left out, and a name of them alone is none', () => {
    const { annotate, connect } = fixture();
    connect({ client: { instanceId: 'mac' } });
    const labels = ['\u200b', 'v\u00adip', 'vip'];
    expect(annotate('mac', { name: '\u202edesk\u200b', owner: '\u2800', note: '\ufe0f', labels })).toEqual({
      name: 'desk',
      labels: ['vip'],
    });
  });

  it('[PO1] no beacon writes it, and no entry carries it', () => {
    const { annotate, row, connect, admin } = fixture();
    const client = connect({ client: { instanceId: 'mac' } });
    annotate('mac', { name: 'Reception', labels: ['vip'] });
    const claim = { text: 'x', instanceId: 'mac', host: 'Attic' };
    client.call('system-event', { ...claim, annotations: { name: 'Attic' }, labels: ['thief'] });
    expect(row('mac')).toMatchObject({ host: 'Attic', annotations: { name: 'Reception', labels: ['vip'] } });
    expect(JSON.stringify(admin.call('system-presence'))).not.toContain('Reception');
  });

  it('[PO1] [PQ1] is found by the query language', () => {
    const { annotate, rows, connect } = fixture();
    connect({ client: { instanceId: 'mac' } });
    annotate('mac', { name: 'Reception', owner: 'Anna Keller', labels: ['front desk'] });
    for (const q of ['reception', 'owner:keller', 'label:"front desk"', 'name:recep']) {
      expect(rows(q).map(({ key }) => key)).toEqual(['mac']);
    }
    expect(rows('label:back')).toEqual([]);
  });

  it('[PO3] holds for every instance of a verified device, and for none that only claims it', () => {
    const { annotate, row, connect, from } = fixture();
    const device = newDevice();
    connectDevice(from, device, 'first');
    annotate('first', { name: 'Laptop' });
    connectDevice(from, device, 'second');
    expect(row('second')?.annotations).toEqual({ name: 'Laptop' });
    const writer = connect({ scopes: ['operator.write'], client: { mode: 'cli' } });
    writer.call('system-event', { text: 'x', instanceId: 'thief', deviceId: device.id });
    expect(row('thief')).toMatchObject({ deviceId: device.id });
    expect(row('thief')).not.toHaveProperty('annotations');
    annotate('second', { name: 'Desk' });
    expect(row('first')?.annotations).toEqual({ name: 'Desk' });
  });

  it('[PO3] what was said of a key holds when its device is verified later', () => {
    const { annotate, row, connect, from } = fixture();
    connect({ client: { instanceId: 'mac' } }).close();
    annotate('mac', { name: 'Laptop' });
    connectDevice(from, newDevice(), 'mac');
    expect(row('mac')?.annotations).toEqual({ name: 'Laptop' });
    annotate('mac', { name: null });
    expect(row('mac')).not.toHaveProperty('annotations');
  });

  it('[PO4] is a visible change that renews nothing', () => {
    const { annotate, row, connect, admin, clock, timers } = fixture();
    connect({ client: { instanceId: 'mac' } });
    timers.advance(1_000);
    const before = row('mac');
    admin.received();
    clock.advance(1_000);
    annotate('mac', { mute: true });
    timers.advance(1_000);
    const delta = admin.events<PresenceDelta>('presence.delta').at(-1);
    expect(delta?.upsert).toEqual([{ ...before, annotations: { mute: true } }]);
    annotate('gateway-1', { name: 'Hub' });
    expect(row('gateway-1')).toMatchObject({ self: true, annotations: { name: 'Hub' } });
  });

  it('[PO2] refuses what is out of bounds, unknown keys and callers without operator.admin', () => {
    const { admin, connect } = fixture();
    connect({ client: { instanceId: 'mac' } });
    for (const change of [
      { name: 'x'.repeat(201) },
      { name: 'a\nb' },
      { note: 'bell\u0007' },
      { labels: Array(33).fill('x') },
      { addLabels: ['x'.repeat(65)] },
      { pin: 'yes' },
      { unknown: 1 },
    ]) {
      expect(admin.refused('presence.annotate', { key: 'mac', ...change }).code).toBe('INVALID_REQUEST');
    }
    const many = [...Array(32).keys()].map(String);
    admin.call('presence.annotate', { key: 'mac', labels: many });
    expect(admin.refused('presence.annotate', { key: 'mac', addLabels: ['33'] }).message).toContain(
      '32 labels',
    );
    expect(admin.refused('presence.annotate', { key: 'nobody' }).code).toBe('NOT_FOUND');
    const writer = connect({ scopes: ['operator.write'], client: { mode: 'cli' } });
    expect(writer.refused('presence.annotate', { key: 'mac' }).code).toBe('FORBIDDEN');
  });
});

describe('over HTTP', () => {
  const start = gatewayStarter();

  it('[PO2] changes annotations by PATCH', async () => {
    const gateway = await start();
    await gateway.dial().connect({ client: { instanceId: 'a b/c' } });
    const path = `/api/v1/presence/${encodeURIComponent('a b/c')}/annotations`;
    const body = JSON.stringify({ name: 'Reception' });
    const named = await askHttp(gateway, path, { method: 'PATCH', body });
    expect([named.status, named.json]).toEqual([200, { ok: true, annotations: { name: 'Reception' } }]);
    const list = await askHttp(gateway, '/api/v1/presence?q=reception');
    expect(list.json.instances[0].annotations).toEqual({ name: 'Reception' });
  });
});
