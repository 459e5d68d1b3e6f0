import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { createPresenceClient, type PresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import type { InstanceView } from '../../src/core/index.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.ts';
import type { NoticeMessage, NoticesConfig } from '../../src/sinks/index.ts';
import { testToken } from '../harness/connect-params.ts';
import { startCutProxy } from '../harness/cut-proxy.ts';
import { fastTime } from '../harness/fast-clock.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { type GatewayProcess, gatewayProcesses } from '../harness/gateway-process.ts';
import { askHttp } from '../harness/http-client.ts';
import { startMqttBroker } from '../harness/mqtt-broker.ts';
import { requirePrograms } from '../harness/required-program.ts';
import { startRollcall } from '../harness/rollcall-process.ts';
import { until } from '../harness/until.ts';
import { WebhookReceiver, webhookSecret } from '../harness/webhook-receiver.ts';

assertEveryFrame();

/** The limit is that of each test. */
const waiting = { timeout: 120_000, interval: 50 };

const processes = gatewayProcesses();
const endings: (() => unknown)[] = [];
let folder = '';
let receiver: WebhookReceiver;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-notices-'));
  writeFileSync(join(folder, 'secret'), `${webhookSecret}\n`, { mode: 0o600 });
  receiver = new WebhookReceiver();
  await receiver.up();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await receiver.down();
  rmSync(folder, { recursive: true, force: true });
});

function webhook(more: object = {}): NonNullable<NoticesConfig['deliveries']> {
  return [
    { name: 'ops', type: 'webhook', url: receiver.url, secretFile: join(folder, 'secret'), ...more } as const,
  ];
}

/** A gateway in this process. */
async function inProcess(options: Partial<GatewayOptions>): Promise<{ gateway: Gateway; url: string }> {
  const auth = { mode: 'token', token: testToken } as const;
  const gateway = createGateway({ port: 0, auth, drainMs: 1_000, noticesFolder: folder, ...options });
  const { url } = await gateway.start();
  endings.push(() => gateway.close());
  return { gateway, url };
}

/** A gateway that is a process of its own, with the notices in its configuration file. */
function ownProcess(port: number, notices: NoticesConfig): Promise<GatewayProcess> {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ notices }));
  const env = { ROLLCALL_TOKEN: testToken };
  return processes.start(['--port', String(port), '--config', config], env);
}

/** A node on the client of the library, which reconnects by itself. */
function node(url: string, instanceId: string): PresenceClient {
  const client = createPresenceClient({
    ...{ url, token: testToken, role: 'node', createSocket: wsSocket() },
    client: { mode: 'node', instanceId },
  });
  client.start();
  endings.push(() => client.stop());
  return client;
}

const connected = (client: PresenceClient): Promise<void> =>
  until(client, ({ state }) => state.phase === 'connected');
const keys = (messages: readonly { readonly message: NoticeMessage }[]): readonly string[] =>
  messages.map(({ message }) => message.data.subject.key);

describe('notices of things that go wrong', () => {
  it('[PN5] [PN8] 200 clients and a restart of their gateway make no notice; a client that does not return makes one', {
    timeout: 240_000,
  }, async () => {
    const port = await freePort();
    const rules = [
      { name: 'away', when: 'leaves', for: '0s' },
      { name: 'back', when: 'returns' },
      { name: 'new', when: 'appears', who: 'mode:node' },
      { name: 'flaps', when: 'flapping' },
    ] as const;
    // The clock is advanced at once below: connections and rows outlast that.
    const time = fastTime(1);
    const patient = { pingIntervalMs: 3_600_000, handshakeTimeoutMs: 3_600_000, ttlMs: 36_000_000 };
    const options = {
      clock: time.clock,
      ...patient,
      port,
      notices: { rules, deliveries: webhook({ timeout: '1h' }) },
    };
    const first = await inProcess(options);
    const clients = Array.from({ length: 200 }, (_, index) => node(first.url, `n${index}`));
    await Promise.all(clients.map(connected));
    // The last one, so that it is listed: by default there is room for 200 rows, that of the gateway among them.
    const lost = node(first.url, 'lost');
    await vi.waitFor(() => expect(receiver.received).toHaveLength(201), waiting);
    const reconnected = clients.map(async (client) => {
      await until(client, ({ state }) => state.phase !== 'connected');
      await connected(client);
    });
    const stopped = until(lost, ({ state }) => state.phase !== 'connected').then(() => lost.stop());
    await first.gateway.close();
    await stopped;
    const second = await inProcess(options);
    await Promise.all(reconnected);
    // The two minutes of PN5 are over; the first change after them finds that.
    time.skip(121_000);
    await askHttp({ url: second.url }, '/api/v1/beacons', { body: { text: 'x', instanceId: 'probe' } });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(202), waiting);
    const [notice] = receiver.received.slice(201);
    expect(notice?.message).toMatchObject({
      type: 'presence.left',
      data: { subject: { key: 'lost' }, cause: { code: 'gateway-restart' } },
    });
    expect(receiver.types.filter((type) => type === 'presence.joined')).toHaveLength(201);
  });

  it.each(['killed', 'cut off'] as const)(
    '[PN2] [PN5] an upstream that is %s is one notice, resolved when it is back; its rows are none',
    { timeout: 240_000 },
    async (manner) => {
      const upstreamPort = await freePort();
      const upstream = () => processes.start(['--port', String(upstreamPort)], { ROLLCALL_TOKEN: testToken });
      const far = await upstream();
      const cable = await startCutProxy(upstreamPort);
      endings.push(() => cable.close());
      const tokenFile = join(folder, 'token');
      writeFileSync(tokenFile, testToken, { mode: 0o600 });
      const rules = [
        { name: 'upstream', when: 'gateway-unreachable', for: '1s' },
        { name: 'away', when: 'leaves', for: '0s' },
        { name: 'back', when: 'returns' },
      ] as const;
      const upstreams = [{ name: 'office', url: `ws://127.0.0.1:${cable.port}`, tokenFile }];
      const { url } = await inProcess({ upstreams, notices: { rules, deliveries: webhook() } });
      const clients = Array.from({ length: 20 }, (_, index) => node(far.url, `far-${index}`));
      await Promise.all(clients.map(connected));
      const listed = async (): Promise<readonly InstanceView[]> => {
        const { instances } = (await askHttp({ url }, '/api/v1/presence')).json;
        return instances.filter(({ key }: InstanceView) => key.startsWith('far-'));
      };
      await vi.waitFor(async () => expect(await listed()).toHaveLength(20), waiting);
      if (manner === 'killed') far.kill('SIGKILL');
      else cable.cut();
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
      expect(receiver.received[0]?.message).toMatchObject({
        type: 'gateway.unreachable',
        data: { rule: 'upstream', state: 'open', cause: { code: 'gateway-unreachable' } },
      });
      if (manner === 'killed') await upstream();
      else cable.mend();
      await vi.waitFor(() => expect(receiver.received).toHaveLength(2), waiting);
      const [open, resolved] = receiver.received.map(({ message }) => message);
      expect(resolved).toMatchObject({ type: 'gateway.up', data: { noticeId: open?.data.noticeId } });
      // All are back, without a notice: the next one is about a node here.
      await Promise.all(clients.map(connected));
      await vi.waitFor(async () => {
        const rows = await listed();
        expect(rows).toHaveLength(20);
        expect(rows.every(({ unreachableSinceMs }) => unreachableSinceMs === undefined)).toBe(true);
      }, waiting);
      const near = node(url, 'near');
      await connected(near);
      near.stop();
      await vi.waitFor(() => expect(receiver.types).toContain('presence.left'), waiting);
      expect(keys(receiver.received.slice(2))).toEqual(['near']);
    },
  );

  it('[PN10] a receiver that is down for five minutes gets everything after it, in order, once per id', {
    timeout: 240_000,
  }, async () => {
    const rules = [{ name: 'new', when: 'appears', who: 'mode:node' }] as const;
    const time = fastTime(60);
    const { url } = await inProcess({
      ...{ ...time, notices: { rules, deliveries: webhook({ timeout: '1h' }) } },
      ...{ pingIntervalMs: 3_600_000, handshakeTimeoutMs: 3_600_000, ttlMs: 36_000_000 },
    });
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const beacon = (instanceId: string) =>
      askHttp({ url }, '/api/v1/beacons', { body: { text: 'x', instanceId, mode: 'node' } });
    await beacon('before');
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    await receiver.down();
    const downMonoMs = time.clock.now().monoMs;
    for (const name of names) await beacon(name);
    await vi.waitFor(() => expect(time.clock.now().monoMs - downMonoMs).toBeGreaterThan(300_000), waiting);
    const { json } = await askHttp({ url }, '/api/v1/notices');
    expect(json.deliveries).toMatchObject([{ name: 'ops', queued: 20, dropped: 0 }]);
    await receiver.up();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(21), waiting);
    expect(keys(receiver.received)).toEqual(['before', ...names]);
    expect(receiver.ids).toHaveLength(21);
  });

  it('[PN10] a message whose answer was lost, or refused, is sent again with the same id', {
    timeout: 120_000,
  }, async () => {
    const rules = [{ name: 'new', when: 'appears', who: 'mode:node' }] as const;
    const { url } = await inProcess({ notices: { rules, deliveries: webhook() } });
    const answers = [undefined, 503, 204, 204];
    receiver.onMessage = (count) => {
      receiver.status = answers[count - 1];
    };
    for (const instanceId of ['a', 'b']) {
      await askHttp({ url }, '/api/v1/beacons', { body: { text: 'x', instanceId, mode: 'node' } });
    }
    await vi.waitFor(() => expect(receiver.received).toHaveLength(4), waiting);
    expect(keys(receiver.received)).toEqual(['a', 'a', 'a', 'b']);
    expect(receiver.ids).toHaveLength(2);
  });

  it('[PN10] kill -9 with a full queue, twice: everything is delivered by the next run, with the same ids', {
    timeout: 240_000,
  }, async () => {
    const port = await freePort();
    const rules = [{ name: 'new', when: 'appears', who: 'mode:node' }] as const;
    const notices = { rules, deliveries: webhook() };
    await receiver.down();
    const first = await ownProcess(port, notices);
    const watcher = first.dial();
    await watcher.connect({ caps: ['notices'] });
    const beacons = Array.from({ length: 1_100 }, (_, index) => ({
      ...{ text: 'x', instanceId: `n${index}`, mode: 'node' },
    }));
    for (let from = 0; from < beacons.length; from += 100) {
      const body = beacons.slice(from, from + 100);
      expect((await askHttp(first, '/api/v1/beacons', { body })).status).toBe(200);
    }
    const said = (): readonly string[] =>
      watcher.frames.flatMap((frame) =>
        frame.type === 'event' && frame.event === 'notice'
          ? [(frame.payload as NoticeMessage).data.noticeId]
          : [],
      );
    await vi.waitFor(() => expect(said()).toHaveLength(1_100), waiting);
    // At most 1 000 are queued; the oldest were dropped.
    const { json } = await askHttp(first, '/api/v1/notices');
    expect(json.deliveries).toMatchObject([{ queued: 1_000, dropped: 100 }]);
    first.kill('SIGKILL');
    await first.ended;
    const wanted = said()
      .map((id) => `${id}-1`)
      .slice(100);

    const killedAfter = 300;
    const killed = new Promise<void>((resolve) => {
      receiver.onMessage = (count) => {
        if (count === killedAfter) resolve();
      };
    });
    await receiver.up();
    const second = await ownProcess(port, notices);
    await killed;
    second.kill('SIGKILL');
    await second.ended;
    await ownProcess(port, notices);
    await vi.waitFor(() => expect(receiver.ids).toHaveLength(1_000), waiting);
    expect(receiver.ids).toEqual(wanted);
    // At most the one in flight was sent twice.
    expect(receiver.received.length).toBeLessThanOrEqual(1_001);
  });

  it('[PN4] [PN11] [PN13] an agent that is killed is one notice after its grace, on every channel; its return one resolve', {
    timeout: 240_000,
  }, async (context) => {
    requirePrograms(context, 'mosquitto');
    const broker = await startMqttBroker(folder, ['rollcall/#']);
    endings.push(() => broker.close());
    const rules = [{ name: 'away', when: 'leaves', who: 'mode:node', for: '2s' }] as const;
    const deliveries = [...webhook(), { name: 'home', type: 'mqtt', url: broker.url } as const];
    const gateway = await ownProcess(await freePort(), { rules, deliveries });
    const agent = () => {
      const env = { ...processes.home().env, ROLLCALL_URL: gateway.url, ROLLCALL_TOKEN: testToken };
      const child = startRollcall(['agent', '--name', 'kitchen-pi'], env);
      endings.push(() => {
        child.kill('SIGKILL');
        return child.ended;
      });
      return child;
    };
    const isListed = async (): Promise<void> => {
      const { json } = await askHttp(gateway, '/api/v1/presence?q=kitchen-pi');
      expect(json.instances).toMatchObject([{ connections: 1 }]);
    };
    const first = agent();
    await vi.waitFor(isListed, waiting);
    const killedMs = Date.now();
    first.kill('SIGKILL');
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    const [left] = receiver.received;
    expect(left?.message).toMatchObject({
      type: 'presence.left',
      data: { rule: 'away', state: 'open', subject: { host: 'kitchen-pi' }, cause: { code: 'reset' } },
    });
    expect(Date.parse(left?.message.timestamp ?? '') - killedMs).toBeGreaterThanOrEqual(1_900);
    agent();
    await vi.waitFor(() => expect(receiver.types).toEqual(['presence.left', 'presence.returned']), waiting);
    expect(receiver.received[1]?.message.data).toMatchObject({
      state: 'resolved',
      noticeId: left?.message.data.noticeId,
    });
    const topic = 'rollcall/notices/away';
    const overMqtt = () => broker.published.filter((message) => message.topic === topic);
    await vi.waitFor(() => expect(overMqtt()).toHaveLength(2), waiting);
    expect(overMqtt().map(({ text }) => JSON.parse(text).id)).toEqual(receiver.ids);
    expect(broker.latest.get('rollcall/status')).toBe('online');
    gateway.kill('SIGKILL');
    await vi.waitFor(() => expect(broker.latest.get('rollcall/status')).toBe('offline'), waiting);
  });
});
