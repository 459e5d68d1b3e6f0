import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Options of a double of an OpenClaw gateway. */
export interface UpstreamDoubleOptions {
  /** Port to listen on; any free one by default. */
  readonly port?: number;
  /** The protocol version; 4 by default. */
  readonly protocol?: 3 | 4;
  /** Its clock, ahead of this machine's by so much; 0 by default. */
  readonly clockAheadMs?: number;
  /** What `gateway.identity.get` answers; the method is not served without one. */
  readonly deviceId?: string;
  /** InstanceId of its own row. */
  readonly instanceId?: string;
  /** Answers instead of the one to a method, `connect` included. */
  readonly answers?: Readonly<Record<string, (params: Record<string, unknown>) => unknown>>;
  /** `mute` accepts connections and sends nothing; `hanging` answers no method after the handshake, nor pings. */
  readonly manner?: 'mute' | 'hanging';
}

/** A double of an OpenClaw gateway: it lists the rows of the test, and refuses nothing. */
export interface UpstreamDouble {
  readonly url: string;
  readonly port: number;
  /** Its rows but its own, as it lists them. A test changes them and calls `publish`. */
  entries: Record<string, unknown>[];
  nodes: Record<string, unknown>[];
  /** What arrived, the handshakes included. */
  readonly requests: { readonly method: string; readonly params: Record<string, unknown> }[];
  /** Its clock. */
  nowMs(): number;
  /** The event `presence` with the whole list, as 2026.9.6 sends it after each change. */
  publish(): void;
  event(event: string, payload: unknown): void;
  /** Sends `shutdown` and closes with 1012, or ends without a close frame. */
  stop(manner: 'goodbye' | 'killed'): Promise<void>;
}

/** A refusal that a double answers with. */
export class DoubleRefusal {
  readonly error: Record<string, unknown>;

  constructor(error: Record<string, unknown>) {
    this.error = error;
  }
}

/** A hello that grants a device token. */
export function helloGranting(deviceToken: string): object {
  return {
    type: 'hello-ok',
    protocol: 4,
    server: { version: '2026.9.6', connId: 'c' },
    features: { methods: ['system-presence', 'node.list'], events: [] },
    snapshot: { presence: [], health: {}, stateVersion: { presence: 1, health: 1 }, uptimeMs: 1 },
    auth: { role: 'operator', scopes: ['operator.read'], deviceToken },
    policy: { maxPayload: 1_000_000, maxBufferedBytes: 1_000_000, tickIntervalMs: 30_000 },
  };
}

/** Starts a double on a port of the loopback address. */
export async function startUpstreamDouble(options: UpstreamDoubleOptions = {}): Promise<UpstreamDouble> {
  const { clockAheadMs = 0, port = 0, manner } = options;
  const server = new WebSocketServer({ host: '127.0.0.1', port, autoPong: manner !== 'hanging' });
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const nowMs = (): number => Date.now() + clockAheadMs;
  const seqs = new Map<WebSocket, number>();
  const send = (event: string, payload: unknown): void => {
    for (const [socket, seq] of seqs) {
      seqs.set(socket, seq + 1);
      socket.send(JSON.stringify({ type: 'event', event, payload, seq: seq + 1 }));
    }
  };
  const listed = (): unknown[] => [selfRow(options, nowMs()), ...double.entries];
  const double: UpstreamDouble = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    port: (server.address() as AddressInfo).port,
    entries: [],
    nodes: [],
    requests: [],
    nowMs,
    publish: () => send('presence', { presence: listed() }),
    event: send,
    async stop(how) {
      if (how === 'goodbye') send('shutdown', { reason: 'gateway stopping' });
      for (const socket of server.clients)
        how === 'goodbye' ? socket.close(1012, 'service restart') : socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    if (manner === 'mute') return;
    const challenge = { nonce: 'double-nonce', ts: nowMs() };
    socket.send(JSON.stringify({ type: 'event', event: 'connect.challenge', payload: challenge }));
    socket.on('close', () => seqs.delete(socket));
    socket.on('message', (data) => {
      const { id, method, params = {} } = JSON.parse(String(data));
      double.requests.push({ method, params });
      if (manner === 'hanging' && method !== 'connect') return;
      const answer = options.answers?.[method]?.(params) ?? answerOf(method, options, double, listed());
      const isRefused = answer instanceof DoubleRefusal;
      socket.send(
        JSON.stringify({
          type: 'res',
          id,
          ok: !isRefused,
          ...(isRefused ? { error: answer.error } : { payload: answer }),
        }),
      );
      if (isRefused && method === 'connect') socket.close(1008, 'refused');
      else if (method === 'connect') seqs.set(socket, 0);
    });
  });
  return double;
}

function answerOf(
  method: string,
  options: UpstreamDoubleOptions,
  double: UpstreamDouble,
  listed: readonly unknown[],
): unknown {
  switch (method) {
    case 'connect':
      return hello(options, listed);
    case 'system-presence':
      return listed;
    case 'node.list':
      return { ts: double.nowMs(), nodes: double.nodes };
    case 'gateway.identity.get':
      if (options.deviceId !== undefined) return { deviceId: options.deviceId, publicKey: 'key' };
      break;
  }
  return new DoubleRefusal({ code: 'INVALID_REQUEST', message: `unknown method: ${method}` });
}

function hello({ protocol = 4, deviceId }: UpstreamDoubleOptions, listed: readonly unknown[]): unknown {
  const methods = [
    'system-presence',
    'node.list',
    ...(deviceId === undefined ? [] : ['gateway.identity.get']),
  ];
  return {
    type: 'hello-ok',
    protocol,
    server: { version: '2026.9.6', connId: 'double-connection' },
    features: { methods, events: ['presence', 'tick', 'shutdown'] },
    snapshot: { presence: listed, health: {}, stateVersion: { presence: 1, health: 1 }, uptimeMs: 1 },
    auth: { role: 'operator', scopes: ['operator.read'] },
    policy: { maxPayload: 26_214_400, maxBufferedBytes: 52_428_800, tickIntervalMs: 30_000 },
  };
}

function selfRow({ instanceId = 'double' }: UpstreamDoubleOptions, ts: number): object {
  return { host: 'double', version: '2026.9.6', mode: 'gateway', reason: 'self', instanceId, ts };
}
