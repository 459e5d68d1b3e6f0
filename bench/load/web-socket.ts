import { connect, type Socket } from 'node:net';
import { FrameReader } from './frame-reader.ts';
import { maskedControlFrame, maskedTextFrames } from './masked-frame.ts';
import type { Message, Recall } from './message.ts';

/** Where to connect. */
export interface Endpoint {
  readonly port: number;
  /** Request target of the upgrade, for example `/`. */
  readonly path: string;
  /** Address of the loopback range to connect from: spreads ports and limits per address. */
  readonly localAddress: string;
}

/** What a {@link WebSocket} reports. */
export interface WebSocketEvents {
  open(): void;
  message(message: Message): void;
  /** The connection was closed, with the reason of the server. Called once. */
  gone(why: string): void;
}

const SHARED_READ_BYTES = 1 << 20;
const OPCODE_PONG = 10;
const OPCODE_CLOSE = 8;

/** A lean WebSocket client: all of them read into one shared buffer; texts are ASCII. */
export class WebSocket {
  /** Bytes received, upgrade included. */
  bytes = 0;
  readonly reader: FrameReader;
  readonly #socket: Socket;
  readonly #events: WebSocketEvents;
  #upgrade: Buffer | undefined = Buffer.alloc(0);
  #gone = false;

  constructor(endpoint: Endpoint, shared: Buffer, events: WebSocketEvents, recall: Recall) {
    this.#events = events;
    const handler = {
      message: (message: Message) => events.message(message),
      ping: (payload: Buffer) =>
        void this.#socket.write(maskedControlFrame(OPCODE_PONG, payload.toString('latin1'))),
      close: (code: number, reason: string) => this.#end(`closed with ${code} ${reason}`),
    };
    this.reader = new FrameReader(handler, recall);
    this.#socket = this.#dial(endpoint, shared);
  }

  /** Sends the texts with one write. */
  send(...texts: string[]): void {
    if (!this.#gone) this.#socket.write(maskedTextFrames(texts));
  }

  /** Sends a close frame and closes; reports nothing any more. */
  close(): void {
    this.#gone = true;
    this.#socket.end(maskedControlFrame(OPCODE_CLOSE, '\u0003\u00e8'));
    this.#socket.resume();
  }

  /** Drops the connection without a close frame. */
  destroy(): void {
    this.#gone = true;
    this.#socket.destroy();
  }

  #dial({ port, path, localAddress }: Endpoint, shared: Buffer): Socket {
    const onread = { buffer: shared, callback: (count: number) => this.#read(shared.subarray(0, count)) };
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true, onread });
    socket.on('connect', () => socket.write(upgradeRequest(port, path)));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => this.#end('socket closed'));
    return socket;
  }

  #read(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.#upgrade) this.#readUpgrade(chunk, this.#upgrade);
    else this.reader.push(chunk);
    return true;
  }

  #readUpgrade(chunk: Buffer, before: Buffer): void {
    const response = Buffer.concat([before, chunk]);
    const end = response.indexOf('\r\n\r\n');
    this.#upgrade = response;
    if (end < 0) return;
    const status = response.toString('latin1', 0, response.indexOf('\r\n'));
    if (status.startsWith('HTTP/1.1 101')) this.#open(response.subarray(end + 4));
    else this.#end(`upgrade refused: ${status}`);
  }

  #open(rest: Buffer): void {
    this.#upgrade = undefined;
    this.#events.open();
    this.reader.push(rest);
  }

  #end(why: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.destroy();
    this.#events.gone(why);
  }
}

/** The buffer that all connections of one process read into. */
export function sharedReadBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(SHARED_READ_BYTES);
}

function upgradeRequest(port: number, path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
}
