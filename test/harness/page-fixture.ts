import { fileURLToPath } from 'node:url';
import {
  createPresenceClient,
  type PresenceClient,
  type PresenceClientOptions,
} from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import type { Clock } from '../../src/core/index.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.ts';
import { testToken } from './connect-params.ts';
import { PairClient } from './pair-client.ts';
import { until } from './until.ts';

/** The built page. */
export const pageFolder: string = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** The clock of this computer, which can be moved on. */
export interface MovableClock extends Clock {
  moveOn(byMs: number): void;
}

/** Makes a clock that is right until it is moved. */
export function movableClock(): MovableClock {
  let aheadMs = 0;
  return {
    now: () => ({ monoMs: performance.now() + aheadMs, wallMs: Date.now() + aheadMs }),
    moveOn(byMs) {
      aheadMs += byMs;
    },
  };
}

/** A real gateway that serves the page, and clients of it. */
export interface PageFixture {
  /** Of the page; ends with `/`. */
  readonly url: string;
  readonly port: number;
  readonly clock: MovableClock;
  /** Connects a client; resolves when it is in step. */
  connect(
    client: PresenceClientOptions['client'],
    more?: Partial<PresenceClientOptions>,
  ): Promise<PresenceClient>;
  /** Describes any instance by a beacon. */
  beacon(facts: Readonly<Record<string, unknown>>): Promise<void>;
  /** Describes many instances at once: `row-0`, `row-1` … on hosts `host-0`, `host-1` … */
  crowd(count: number): void;
  /** Describes one of them again. */
  crowdOne(index: number, facts: Readonly<Record<string, unknown>>): void;
  /** Stops the gateway, and starts another on the same port; clients reconnect by themselves. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a fixture. */
export async function startPageFixture(options: Partial<GatewayOptions> = {}): Promise<PageFixture> {
  const clock = movableClock();
  const clients: PresenceClient[] = [];
  let port = 0;
  let gateway: Gateway | undefined;
  let reporter: PresenceClient | undefined;
  let writer: PairClient | undefined;
  const start = async (): Promise<void> => {
    gateway = createGateway({
      host: '127.0.0.1',
      port,
      auth: { mode: 'token', token: testToken },
      version: '1.4.0',
      pageFolder,
      clock,
      requestsPerSecond: 0,
      maxNewInstancesPerMinute: 0,
      ...options,
    });
    ({ port } = await gateway.start());
  };
  await start();
  const connect: PageFixture['connect'] = async (info, more = {}) => {
    const client = createPresenceClient({
      url: `ws://127.0.0.1:${port}`,
      token: testToken,
      createSocket: wsSocket(),
      client: { ...info },
      beaconIntervalMs: 0,
      backoff: { initialMs: 20, maxMs: 100 },
      ...more,
    });
    clients.push(client);
    client.start();
    await until(
      client,
      ({ state, roster }) => (state.phase === 'connected' && state.feed === 'none') || roster.live,
    );
    return client;
  };
  const openCrier = (): PairClient => {
    if (gateway === undefined) throw new TypeError('the gateway is stopped');
    const accept = gateway.accept.bind(gateway);
    const peer = { address: '127.0.0.1', origin: undefined, host: `127.0.0.1:${port}` };
    const opened = new PairClient((transport) => accept(transport, peer));
    opened.connect({ client: { mode: 'cli' }, scopes: ['operator.admin'], caps: ['presence-delta'] });
    return opened;
  };
  const describe = (index: number, facts: Readonly<Record<string, unknown>>): void => {
    writer ??= openCrier();
    const instanceId = `row-${index}`;
    const params = { text: instanceId, instanceId, host: `host-${index}`, mode: 'test', ...facts };
    writer.send(request(`crowd ${index}`, params));
    writer.transport.sent.length = 0;
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    clock,
    connect,
    async beacon(facts) {
      reporter ??= await connect({ id: 'reporter', mode: 'cli' }, { scopes: ['operator.admin'] });
      await reporter.request('system-event', {
        text: `Beacon: ${facts['host'] ?? facts['instanceId']}`,
        ...facts,
      });
    },
    crowd(count) {
      for (let index = 0; index < count; index += 1) describe(index, {});
    },
    crowdOne: describe,
    stop: async () => gateway?.close(),
    start,
    async close() {
      for (const client of clients) client.stop();
      await gateway?.close();
    },
  };
}

function request(id: string, params: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type: 'req', id, method: 'system-event', params });
}
