import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A double of an OpenClaw gateway for readers of its presence: a whole list after every change, as 2026.9.6 sends. */
export class UpstreamDouble {
  readonly #server: WebSocketServer;
  readonly #name: string;
  readonly #rows: Record<string, unknown>[];
  readonly #sockets = new Map<WebSocket, number>();
  #isHanging = false;

  static async start(name: string, rows: number): Promise<UpstreamDouble> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false });
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    return new UpstreamDouble(server, name, rows);
  }

  private constructor(server: WebSocketServer, name: string, rows: number) {
    this.#server = server;
    this.#name = name;
    this.#rows = Array.from({ length: rows }, (_, row) => rowOf(`${name}-${row}`));
    server.on('connection', (socket) => this.#serve(socket));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Changes a row; the number travels as a tag. Returns the key of the row. */
  change(row: number, number: number): string {
    const key = `${this.#name}-${row}`;
    this.#rows[row] = { ...rowOf(key), tags: [`n${number}`] };
    this.#send('presence', { presence: this.#listed() });
    return key;
  }

  /** Keeps its connections and sends nothing more: no answers, no pongs, no events. */
  hang(): void {
    this.#isHanging = true;
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: WebSocket): void {
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('ping', (data) => this.#isHanging || socket.pong(data));
    if (this.#isHanging) return;
    socket.send(frame('connect.challenge', { nonce: 'nonce', ts: Date.now() }));
    socket.on('message', (data) => {
      if (this.#isHanging) return;
      const { id, method } = JSON.parse(String(data)) as { id: string; method: string };
      const payload = this.#answer(method);
      socket.send(
        JSON.stringify(
          payload === undefined
            ? { type: 'res', id, ok: false, error: { code: 'INVALID_REQUEST', message: 'unknown method' } }
            : { type: 'res', id, ok: true, payload },
        ),
      );
      if (method === 'connect') this.#sockets.set(socket, 0);
    });
  }

  #answer(method: string): unknown {
    switch (method) {
      case 'connect':
        return {
          type: 'hello-ok',
          protocol: 4,
          server: { version: '2026.9.6', connId: 'c' },
          features: {
            methods: ['system-presence', 'node.list', 'gateway.identity.get'],
            events: ['presence'],
          },
          snapshot: {
            presence: this.#listed(),
            health: {},
            stateVersion: { presence: 1, health: 1 },
            uptimeMs: 1,
          },
          auth: { role: 'operator', scopes: ['operator.read'] },
          policy: { maxPayload: 26_214_400, maxBufferedBytes: 52_428_800, tickIntervalMs: 30_000 },
        };
      case 'system-presence':
        return this.#listed();
      case 'node.list':
        return { ts: Date.now(), nodes: [] };
      case 'gateway.identity.get':
        return { deviceId: this.#name, publicKey: 'key' };
      default:
        return undefined;
    }
  }

  #listed(): unknown[] {
    const self = {
      host: this.#name,
      mode: 'gateway',
      reason: 'self',
      instanceId: this.#name,
      ts: Date.now(),
    };
    return [self, ...this.#rows];
  }

  #send(event: string, payload: unknown): void {
    if (this.#isHanging) return;
    for (const [socket, seq] of this.#sockets) {
      this.#sockets.set(socket, seq + 1);
      socket.send(frame(event, payload, seq + 1));
    }
  }
}

function frame(event: string, payload: unknown, seq?: number): string {
  return JSON.stringify({ type: 'event', event, payload, ...(seq !== undefined && { seq }) });
}

function rowOf(key: string): Record<string, unknown> {
  return {
    ...{ instanceId: key, host: `host-${key}`, mode: 'ui', ip: '192.0.2.1', version: '2026.9.6' },
    ...{ platform: 'macos 26.0.1', deviceFamily: 'Mac', modelIdentifier: 'Mac16,6', reason: 'connect' },
    ...{ roles: ['operator'], scopes: ['operator.read', 'operator.write'], ts: Date.now() },
    text: `Node: host-${key} (192.0.2.1) · app 2026.9.6 · mode ui`,
  };
}
