import { connectParams } from './connect-params.ts';
import { RawSocket } from './raw-socket.ts';

/** A frame as it is on the wire; absent fields are as RFC 6455 requires them of a client. */
export interface RawFrame {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Length to claim in place of the true one. */
  readonly claimedLength?: number | bigint;
  /** Form of the length: the shortest that holds it by default. */
  readonly lengthForm?: 7 | 16 | 64;
}

/** How a connection ended: the code of the close frame, `undefined` when the socket went without one. */
export interface RawClose {
  readonly code: number | undefined;
  readonly reason: string;
}

/** Opcodes of RFC 6455 §5.2. */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Bytes of a frame. */
export function rawFrame({
  opcode,
  payload = '',
  fin = true,
  reserved = 0,
  masked = true,
  claimedLength,
  lengthForm,
}: RawFrame): Buffer {
  const body = Buffer.from(payload as string);
  const length = BigInt(claimedLength ?? body.length);
  const form = lengthForm ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const head = Buffer.alloc(form === 7 ? 2 : form === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (form === 7 ? Number(length) : form === 16 ? 126 : 127);
  if (form === 16) head.writeUInt16BE(Number(length), 2);
  if (form === 64) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  return Buffer.concat([head, mask, body.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** A WebSocket client that may send anything, and reads frames as they come. */
export class RawWebSocket extends RawSocket {
  readonly frames: { readonly opcode: number; readonly payload: Buffer }[] = [];
  #frameWaiting: (() => void)[] = [];

  /** Upgrades; connects too unless `connects` is false. */
  static async open(url: string, { connects = true } = {}): Promise<RawWebSocket> {
    const client = new RawWebSocket(url);
    client.send(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${Buffer.alloc(16, 7).toString('base64')}\r\n\r\n`,
    );
    const head = await client.head();
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${head}`);
    client.#readFrames();
    client.socket.on('data', () => client.#readFrames());
    void client.closed.then(() => client.#wakeFrames());
    await client.frame((text) => text.includes('connect.challenge'));
    if (!connects) return client;
    client.frameOut({ opcode: opcode.text, payload: request('hello', 'connect', connectParams()) });
    await client.answer('hello');
    return client;
  }

  frameOut(frame: RawFrame): void {
    this.send(rawFrame(frame));
  }

  /** Waits for a text frame that fits; rejects when the connection ends first. */
  async frame(fits: (text: string) => boolean): Promise<string> {
    const found = await this.#await(() =>
      this.frames.find((frame) => frame.opcode === opcode.text && fits(frame.payload.toString())),
    );
    return found.payload.toString();
  }

  answer(id: string): Promise<string> {
    return this.frame(
      (text) => text.startsWith('{"type":"res"') && text.includes(`"id":${JSON.stringify(id)}`),
    );
  }

  /** Waits for the pong that carries a payload. */
  async pong(payload: string): Promise<void> {
    await this.#await(() =>
      this.frames.find(
        (frame) => frame.opcode === opcode.pong && frame.payload.toString('latin1') === payload,
      ),
    );
  }

  /** Waits for the close frame, or for the end of the socket. */
  async ending(): Promise<RawClose> {
    const close = await this.#await(() =>
      this.isClosed ? 'gone' : this.frames.find((frame) => frame.opcode === opcode.close),
    );
    const { payload } = close === 'gone' ? (this.#closeFrame() ?? { payload: Buffer.alloc(0) }) : close;
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : undefined;
    return { code: code ?? (this.#closeFrame() ? 1005 : undefined), reason: payload.subarray(2).toString() };
  }

  #closeFrame(): { readonly payload: Buffer } | undefined {
    return this.frames.find((frame) => frame.opcode === opcode.close);
  }

  async #await<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.isClosed) throw new Error('the connection ended');
      await new Promise<void>((resolve) => this.#frameWaiting.push(resolve));
    }
  }

  #readFrames(): void {
    for (;;) {
      const { received } = this;
      if (received.length < 2) break;
      const short = (received[1] ?? 0) & 0x7f;
      const headLength = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (received.length < headLength) break;
      const length =
        short < 126 ? short : short === 126 ? received.readUInt16BE(2) : Number(received.readBigUInt64BE(2));
      if (received.length < headLength + length) break;
      const frame = this.take(headLength + length);
      this.frames.push({ opcode: (frame[0] ?? 0) & 0x0f, payload: Buffer.from(frame.subarray(headLength)) });
    }
    this.#wakeFrames();
  }

  #wakeFrames(): void {
    for (const wake of this.#frameWaiting.splice(0)) wake();
  }
}

/** The text of a request. */
export function request(id: string, method: string, params?: unknown): string {
  return JSON.stringify({ type: 'req', id, method, params });
}
