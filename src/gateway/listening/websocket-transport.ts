import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { MessageParts } from '../../sinks/index.ts';
import type { Transport } from '../transport.ts';

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

/** Longest message that is copied into one buffer: up to here that is cheaper than a write of several. */
const copyBytes = 16_384;
const finalText = 0x81;

/**
 * Writes the parts of a text message as one WebSocket frame, unmasked as a server sends them (RFC 6455 §5.2), with one write.
 *
 * Small messages are copied into one buffer. In larger ones the parts that are bytes already are not copied, so that a list is
 * encoded once and shared by everybody who gets it.
 */
export function writeFrame(socket: Writable, parts: MessageParts): void {
  let payloadBytes = 0;
  for (const part of parts) payloadBytes += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  if (payloadBytes > copyBytes) writeBuffers(socket, [frameHeader(payloadBytes), ...parts]);
  else socket.write(wholeFrame(parts, payloadBytes));
}

function writeBuffers(socket: Writable, buffers: MessageParts): void {
  socket.cork();
  for (const part of buffers) socket.write(typeof part === 'string' ? Buffer.from(part) : part);
  socket.uncork();
}

function wholeFrame(parts: MessageParts, payloadBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes(payloadBytes) + payloadBytes);
  let offset = writeHeader(frame, payloadBytes);
  for (const part of parts) {
    if (typeof part === 'string') offset += frame.write(part, offset);
    else {
      frame.set(part, offset);
      offset += part.length;
    }
  }
  return frame;
}

function frameHeader(payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(headerBytes(payloadBytes));
  writeHeader(header, payloadBytes);
  return header;
}

function headerBytes(payloadBytes: number): number {
  if (payloadBytes < 126) return 2;
  return payloadBytes < 65_536 ? 4 : 10;
}

/** @returns where the payload begins. */
function writeHeader(target: Buffer, payloadBytes: number): number {
  target[0] = finalText;
  if (payloadBytes < 126) {
    target[1] = payloadBytes;
    return 2;
  }
  if (payloadBytes < 65_536) {
    target[1] = 126;
    return target.writeUInt16BE(payloadBytes, 2);
  }
  target[1] = 127;
  target.writeUInt32BE(Math.floor(payloadBytes / 2 ** 32), 2);
  return target.writeUInt32BE(payloadBytes % 2 ** 32, 6);
}
