import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.ts';
import { connectParams, testToken } from '../harness/connect-params.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { startMqttBroker } from '../harness/mqtt-broker.ts';
import { requirePrograms } from '../harness/required-program.ts';
import { WebhookReceiver, webhookSecret } from '../harness/webhook-receiver.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const waiting = { timeout: 60_000, interval: 50 };

let folder = '';
const endings: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-notices-'));
  writeFileSync(join(folder, 'secret'), `${webhookSecret}\n`, { mode: 0o600 });
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function receiver(): Promise<WebhookReceiver> {
  const made = new WebhookReceiver();
  await made.up();
  endings.push(() => made.down());
  return made;
}

async function start(options: Partial<GatewayOptions>): Promise<{ gateway: Gateway; url: string }> {
  const auth = { mode: 'token', token: testToken } as const;
  const gateway = createGateway({ port: 0, auth, drainMs: 1_000, noticesFolder: folder, ...options });
  const { url } = await gateway.start();
  endings.push(() => gateway.close());
  return { gateway, url };
}

/** A node that is connected. */
async function node(url: string, instanceId: string): Promise<WireClient> {
  const client = new WireClient(url);
  endings.push(() => client.socket.terminate());
  await client.connect(
    connectParams({
      role: 'node',
      client: { id: 'node-host', mode: 'node', instanceId, displayName: instanceId },
    }),
  );
  return client;
}

function webhook(url: string): NonNullable<NonNullable<GatewayOptions['notices']>['deliveries']> {
  return [{ name: 'ops', type: 'webhook', url, secretFile: join(folder, 'secret') }];
}

describe('notices of a running gateway', () => {
  it('[PN4] [PN11] a node that is killed is one notice with its cause, its return one resolve', async () => {
    const target = await receiver();
    const rules = [{ name: 'away', when: 'leaves', who: 'mode:node', for: '1s' } as const];
    const { url } = await start({ notices: { rules, deliveries: webhook(target.url) } });
    const pi = await node(url, 'pi');
    pi.socket.terminate();
    await vi.waitFor(() => expect(target.types).toEqual(['presence.left']), waiting);
    expect(target.received[0]?.message.data).toMatchObject({
      rule: 'away',
      state: 'open',
      subject: { key: 'pi' },
      cause: { code: 'reset' },
    });
    await node(url, 'pi');
    await vi.waitFor(() => expect(target.types).toEqual(['presence.left', 'presence.returned']), waiting);
    const [left, back] = target.received;
    expect(back?.message.data.noticeId).toBe(left?.message.data.noticeId);
    expect(back?.id).not.toBe(left?.id);
  });

  it('[PN5] [PN8] many clients and a restart of the gateway make no notice', async () => {
    const target = await receiver();
    const rules = [
      { name: 'away', when: 'leaves', for: '0s' },
      { name: 'back', when: 'returns' },
      { name: 'new', when: 'appears', for: '1h' },
    ] as const;
    const notices = { rules, deliveries: webhook(target.url) };
    const first = await start({ notices });
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    for (const name of names) await node(first.url, name);
    await first.gateway.close();
    const second = await start({ notices });
    for (const name of names) await node(second.url, name);
    const observer = await node(second.url, 'observer');
    observer.socket.terminate();
    await vi.waitFor(() => expect(target.types.length).toBeGreaterThan(0), waiting);
    expect(target.received.map(({ message }) => message.data.subject)).toMatchObject([{ key: 'observer' }]);
  });

  it('[PN10] what a receiver that was down missed is delivered, once per id, by the next run of the gateway too', async () => {
    const target = await receiver();
    const notices = {
      rules: [{ name: 'away', when: 'leaves', who: 'mode:node', for: '0s' } as const],
      deliveries: webhook(target.url),
    };
    await target.down();
    const first = await start({ notices });
    for (const name of ['a', 'b', 'c']) {
      const client = await node(first.url, name);
      client.socket.terminate();
      await vi.waitFor(async () => {
        const response = await fetch(`${first.url.replace('ws', 'http')}/api/v1/notices`, {
          headers: { authorization: `Bearer ${testToken}` },
        });
        const { open } = (await response.json()) as { open: { subject: { key: string } }[] };
        expect(open.map(({ subject }) => subject.key)).toContain(name);
      }, waiting);
    }
    await first.gateway.close();
    await target.up();
    await start({ notices });
    await vi.waitFor(() => expect(target.received.length).toBe(3), waiting);
    expect(new Set(target.received.map(({ id }) => id)).size).toBe(3);
  });
});

describe('notices for subscribers', () => {
  const rules = [{ name: 'away', when: 'leaves', who: 'mode:node', for: '0s' } as const];

  it('[PN16] are sent to subscribers alone, listed, acknowledged and muted', async () => {
    const { url } = await start({ notices: { rules } });
    const asking = new WireClient(url);
    const other = new WireClient(url);
    endings.push(
      () => asking.socket.terminate(),
      () => other.socket.terminate(),
    );
    await asking.connect({ caps: ['notices'], scopes: ['operator.admin'] });
    await other.connect({ scopes: ['operator.read'] });
    (await node(url, 'pi')).socket.terminate();
    const event = await asking.event('notice');
    expect(event.payload).toMatchObject({ type: 'presence.left', data: { subject: { key: 'pi' } } });
    const listed = await asking.call<{ open: { noticeId: string }[] }>('notices.list', {});
    expect(listed.open).toHaveLength(1);
    const noticeId = listed.open[0]?.noticeId;
    const { notice } = await asking.call<{ notice: object }>('notices.acknowledge', { noticeId });
    expect(notice).toMatchObject({ acknowledgedBy: 'token' });
    expect(await asking.refused('notices.acknowledge', { noticeId: 'none' })).toMatchObject({
      code: 'INVALID_REQUEST',
    });
    const { mutes } = await asking.call<{ mutes: object[] }>('notices.mute', { rule: 'away', for: '1h' });
    expect(mutes).toMatchObject([{ rule: 'away', by: 'token' }]);
    await other.call('notices.list', {});
    expect(await other.refused('notices.mute', { rule: 'away', for: '1h' })).toMatchObject({
      message: expect.stringContaining('operator.admin'),
    });
    expect(other.frames.some((frame) => frame.type === 'event' && frame.event === 'notice')).toBe(false);
  });

  it('[PN15] requests the address of the heartbeat as long as the gateway runs', async () => {
    let beats = 0;
    const monitor = createServer((_, response) => {
      beats += 1;
      response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
    endings.push(() => monitor.close());
    const heartbeat = { url: `http://127.0.0.1:${(monitor.address() as AddressInfo).port}/`, every: '1s' };
    const { gateway } = await start({ notices: { rules: [], heartbeat } });
    await vi.waitFor(() => expect(beats).toBeGreaterThan(1), waiting);
    await gateway.close();
  });
});

/** From the documentation of the MQTT integration of Home Assistant: discovery, binary sensor, sensor. */
const discoverySchema = {
  type: 'object',
  required: ['state_topic', 'unique_id', 'device', 'origin'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    unique_id: { type: 'string' },
    state_topic: { type: 'string', pattern: '^[^#+]+$' },
    value_template: { type: 'string' },
    device_class: { enum: ['connectivity', 'timestamp'] },
    entity_category: { const: 'diagnostic' },
    payload_on: { type: 'string' },
    payload_off: { type: 'string' },
    qos: { enum: [0, 1, 2] },
    availability_mode: { enum: ['all', 'any', 'latest'] },
    availability: {
      type: 'array',
      items: { type: 'object', required: ['topic'], properties: { topic: { type: 'string' } } },
    },
    device: {
      type: 'object',
      required: ['identifiers', 'name'],
      additionalProperties: false,
      properties: {
        identifiers: { type: 'array', minItems: 1, items: { type: 'string' } },
        name: { type: 'string' },
        sw_version: { type: 'string' },
        hw_version: { type: 'string' },
        model: { type: 'string' },
      },
    },
    origin: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, sw_version: { type: 'string' } },
    },
  },
};

describe('notices by MQTT', () => {
  it('[PN13] [PN14] Home Assistant discovers a node, its departure and its removal', async (context) => {
    requirePrograms(context, 'mosquitto');
    const broker = await startMqttBroker(folder, ['homeassistant/#', 'rollcall/#']);
    endings.push(() => broker.close());
    const kept = broker.latest;
    const deliveries = [{ name: 'home', type: 'mqtt', url: broker.url, homeAssistant: true } as const];
    const rules = [{ name: 'away', when: 'leaves', who: 'mode:node', for: '0s' } as const];
    const { gateway, url } = await start({ notices: { rules, deliveries } });
    const pi = await node(url, 'pi');
    const configs = (): [string, string][] => [...kept].filter(([topic]) => topic.endsWith('/config'));
    await vi.waitFor(() => expect(configs()).toHaveLength(3), waiting);
    const check = new Ajv().compile(discoverySchema);
    for (const [topic, payload] of configs()) {
      expect(topic).toMatch(/^homeassistant\/(binary_sensor|sensor)\/[\w-]+\/[\w-]+\/config$/);
      expect(check(JSON.parse(payload)), JSON.stringify(check.errors)).toBe(true);
    }
    const stateTopic = JSON.parse(configs()[0]?.[1] ?? '{}').state_topic as string;
    await vi.waitFor(() => expect(kept.get(stateTopic)).toContain('"ON"'), waiting);
    expect(kept.get('rollcall/status')).toBe('online');
    pi.socket.terminate();
    await vi.waitFor(() => expect(kept.get(stateTopic)).toContain('"OFF"'), waiting);
    await vi.waitFor(() => expect(kept.get('rollcall/notices/away')).toContain('presence.left'), waiting);
    const removed = await fetch(`${url.replace('ws', 'http')}/api/v1/presence/pi`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${testToken}` },
    });
    expect(removed.status).toBe(200);
    await vi.waitFor(() => expect(configs().map(([, payload]) => payload)).toEqual(['', '', '']), waiting);
    await gateway.close();
    await vi.waitFor(() => expect(kept.get('rollcall/status')).toBe('offline'), waiting);
  });
});
