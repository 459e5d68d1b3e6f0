import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { MessageParts } from '../../sinks/index.ts';
import type { Transport } from '../transport.ts';
import { writeFrame } from './websocket-frame.ts';

/**
 * A transport on a WebSocket of `ws`.
 *
 * `ws` does the receiving, pings and closes. Text messages are framed here and written to its socket, because they
 * share their bytes between clients; without compression `ws` writes at once as well, so the order is kept.
 */
export class WebSocketTransport implements Transport {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;

  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get isBehind(): boolean {
    return this.#socket.writableNeedDrain;
  }

  send(parts: MessageParts): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN || !this.#socket.writable) return;
    writeFrame(this.#socket, parts);
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }
}
