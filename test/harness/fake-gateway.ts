import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A request as the fake gateway received it. */
export interface FakeRequest {
  readonly method: string;
  readonly params: unknown;
}

/** What a fake gateway answers: a payload, or an error in the shape of the protocol. */
export type FakeAnswer = { readonly payload: unknown } | { readonly error: Record<string, unknown> };

/** Options of {@link startFakeGateway}. */
export interface FakeGatewayOptions {
  /** Answers a request after the handshake, or the handshake itself (`connect`) when it is to be refused. */
  readonly answers?: Readonly<Record<string, (params: unknown) => FakeAnswer>>;
  /** Time in the challenge; `undefined` leaves it out, as old gateways do. */
  readonly challengeTs?: () => number | undefined;
  /** Methods that the hello announces; by default the keys of `answers`. */
  readonly methods?: readonly string[];
  readonly scopes?: readonly string[];
  /** `silent` never sends a challenge. */
  readonly manner?: 'silent';
}

/** A small gateway with fixed answers, to test clients with answers of other gateways. */
export interface FakeGateway {
  readonly url: string;
  /** Every request, the handshake first. */
  readonly requests: FakeRequest[];
  close(): Promise<void>;
}

/** Starts a fake gateway on a free port of the loopback address. */
export async function startFakeGateway(options: FakeGatewayOptions = {}): Promise<FakeGateway> {
  const requests: FakeRequest[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => acceptConnection(socket, options, requests));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    requests,
    close: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function acceptConnection(socket: WebSocket, options: FakeGatewayOptions, requests: FakeRequest[]): void {
  socket.on('error', () => {});
  if (options.manner === 'silent') return;
  const ts = options.challengeTs === undefined ? Date.now() : options.challengeTs();
  send(socket, {
    type: 'event',
    event: 'connect.challenge',
    payload: { nonce: 'fake-nonce', ...(ts !== undefined && { ts }) },
  });
  socket.on('message', (data) => {
    const { id, method, params } = JSON.parse(String(data)) as FakeRequest & { id: string };
    requests.push({ method, params });
    const answer = answerTo(method, params, options);
    send(socket, {
      type: 'res',
      id,
      ok: 'payload' in answer,
      ...answer,
    });
    if (method === 'connect' && 'error' in answer) socket.close(1008, 'refused');
  });
}

function answerTo(method: string, params: unknown, options: FakeGatewayOptions): FakeAnswer {
  const answer = options.answers?.[method]?.(params);
  if (answer !== undefined) return answer;
  if (method === 'connect') return { payload: hello(options) };
  return { error: { code: 'INVALID_REQUEST', message: `unknown method: ${method}` } };
}

function hello(options: FakeGatewayOptions): unknown {
  return {
    type: 'hello-ok',
    protocol: 4,
    server: { version: '2026.9.6', connId: 'fake-connection' },
    features: { methods: options.methods ?? Object.keys(options.answers ?? {}), events: [] },
    snapshot: { presence: [], health: {}, stateVersion: { presence: 1, health: 1 }, uptimeMs: 1 },
    auth: { role: 'operator', scopes: options.scopes ?? ['operator.read'] },
    policy: { maxPayload: 1_000_000, maxBufferedBytes: 1_000_000, tickIntervalMs: 30_000 },
  };
}

function send(socket: WebSocket, frame: unknown): void {
  socket.send(JSON.stringify(frame));
}
