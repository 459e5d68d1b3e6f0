import { afterEach, beforeEach, expect, vi } from 'vitest';
import {
  createPresenceClient,
  type InstanceChange,
  type PresenceClient,
  type PresenceClientOptions,
  RefusedError,
} from '../../src/client/index.ts';
import type { InstanceView } from '../../src/core/index.ts';
import { type ScriptedGateway, type ScriptedSocket, scriptedGateway } from './scripted-gateway.ts';

/** The presence client of each test; the test plays the gateway. */
export interface ScriptedClient {
  readonly client: PresenceClient;
  readonly gateway: ScriptedGateway;
  /** Makes and starts the client of this test. */
  create(options?: Partial<PresenceClientOptions>): PresenceClient;
  /** Opens the latest socket and answers its handshake, by default with {@link hello}. */
  welcome(answer?: object): Promise<ScriptedSocket>;
  /** A client that is connected and has the gateway's row, `a` and `b`, at version 5. */
  connect(options?: Partial<PresenceClientOptions>): Promise<ScriptedSocket>;
  /** Changes that the client reported, for example `join a`, since the last {@link forget}. */
  kinds(): readonly string[];
  forget(): void;
  /** Keys of the rows that the client shows. */
  keys(): readonly string[];
}

/** Gives each test of this file a client and a gateway; timers are fake, and none may be left behind. */
export function scriptedClient(): ScriptedClient {
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
  const collect = async (from: PresenceClient): Promise<void> => {
    try {
      for await (const change of from.changes()) changes.push(change);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
  };
  const create = (options: Partial<PresenceClientOptions> = {}): PresenceClient => {
    client = createPresenceClient({
      url: 'ws://gateway.test',
      createSocket: gateway.createSocket,
      clock: { now: () => ({ monoMs: Date.now(), wallMs: Date.now() }) },
      random: () => 0.5,
      client: { instanceId: 'me', mode: 'ui', displayName: 'Me' },
      beaconIntervalMs: 0,
      ...options,
    });
    void collect(client);
    client.start();
    return client;
  };
  const welcome = async (answer: object = hello()): Promise<ScriptedSocket> => {
    const { latest } = gateway;
    latest.open();
    await pass();
    latest.answer('connect', answer);
    await pass();
    return latest;
  };
  return {
    get client() {
      return client;
    },
    get gateway() {
      return gateway;
    },
    create,
    welcome,
    async connect(options) {
      create(options);
      const socket = await welcome();
      socket.event('presence.delta', delta(0, 5, [selfRow, row('a'), row('b')]), { seq: 1 });
      await pass();
      return socket;
    },
    kinds: () => changes.map(({ kind, key }) => `${kind} ${key}`),
    forget() {
      changes = [];
    },
    keys: () => client.roster.instances.map(({ key }) => key),
  };
}

/** Settles promises and advances fake timers by `ms`. */
export async function pass(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** A row that the gateway sends. */
export function row(key: string, more: Partial<InstanceView> = {}): InstanceView {
  return { key, ts: 1_000_000, connections: 1, firstSeenAtMs: 1, sources: {}, ...more };
}

/** The gateway's own row. */
export const selfRow: InstanceView = row('gateway', { self: true, mode: 'gateway', reason: 'self' });

/** A delta of the run `e` of the gateway. */
export function delta(
  from: number,
  to: number,
  upsert: readonly InstanceView[],
  remove: readonly string[] = [],
  epoch = 'e',
): object {
  return { epoch, from, to, now: 1_000_000 + to, upsert, remove };
}

/** What a gateway answers that serves deltas to an operator. */
export function hello(more: object = {}): object {
  return {
    type: 'hello-ok',
    protocol: 4,
    server: { version: '1', connId: 'c' },
    features: { methods: [], events: [], capabilities: ['presence-delta'] },
    snapshot: { presence: [], health: {}, stateVersion: { presence: 1, health: 1 }, uptimeMs: 1 },
    auth: { role: 'operator', scopes: ['operator.read'] },
    policy: { maxPayload: 1, maxBufferedBytes: 1, tickIntervalMs: 30_000 },
    ...more,
  };
}
