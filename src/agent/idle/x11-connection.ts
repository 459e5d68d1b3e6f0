import { readFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { hostName } from '../../host/index.ts';

/** The part of the X protocol that idle time needs, version 11, little endian: setup, QueryExtension, and one request with an answer. */
export interface X11Connection {
  /** The root window of the first screen. */
  readonly root: number;
  /** The major opcode of an extension, undefined when the server lacks it. */
  queryExtension(name: string): Promise<number | undefined>;
  /** Sends a request, whose length is filled in, and resolves with its reply of 32 bytes or more. */
  request(message: Buffer): Promise<Buffer>;
  close(): void;
}

/** Source of the cookie. */
export interface X11Authority {
  readonly XAUTHORITY?: string | undefined;
  readonly HOME?: string | undefined;
}

/**
 * Opens a local display such as `:0` or `unix:0.1`. Rejects when nothing listens there, the server refuses, or it does not answer
 * within `patienceMs`.
 */
export async function openX11(
  display: string,
  authority: X11Authority,
  patienceMs: number,
): Promise<X11Connection> {
  const number = /:(\d+)/.exec(display)?.[1] ?? '0';
  const cookie = await readCookie(number, authority);
  const socket = createConnection({ path: `/tmp/.X11-unix/X${number}` });
  const reader = new ByteReader(socket);
  const late = setTimeout(() => socket.destroy(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  try {
    socket.write(setupRequest(cookie));
    const head = await reader.take(8);
    const rest = await reader.take(4 * head.readUInt16LE(6));
    if (head[0] !== 1)
      throw new Error(`the server refuses: ${rest.toString('latin1', 0, head[1] ?? 0).trim()}`);
    return new X11Session(socket, reader, rootOf(rest));
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

class X11Session implements X11Connection {
  readonly root: number;
  readonly #socket: Socket;
  readonly #reader: ByteReader;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(socket: Socket, reader: ByteReader, root: number) {
    this.#socket = socket;
    this.#reader = reader;
    this.root = root;
  }

  async queryExtension(name: string): Promise<number | undefined> {
    const message = Buffer.alloc(8 + padded(name.length));
    message[0] = 98;
    message.writeUInt16LE(name.length, 4);
    message.write(name, 8, 'latin1');
    const reply = await this.request(message);
    return reply[8] === 1 ? reply[9] : undefined;
  }

  /** One after the other: replies come in the order of the requests. */
  request(message: Buffer): Promise<Buffer> {
    message.writeUInt16LE(message.length / 4, 2);
    const answer = this.#turn.then(() => {
      this.#socket.write(message);
      return this.#reply();
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #reply(): Promise<Buffer> {
    for (;;) {
      const head = await this.#reader.take(32);
      if (head[0] === 0) throw new Error(`the X server answered with error ${head[1]}`);
      if (head[0] === 1) return Buffer.concat([head, await this.#reader.take(4 * head.readUInt32LE(4))]);
    }
  }
}

/** Reads exact numbers of bytes from a socket, one reader at a time. */
class ByteReader {
  #bytes: Buffer = Buffer.alloc(0);
  #error: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the X server closed the connection')));
  }

  async take(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) {
      if (this.#error !== undefined) throw this.#error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  #end(error: Error): void {
    this.#error ??= error;
    this.#wake();
  }
}

const cookieName = 'MIT-MAGIC-COOKIE-1';

function setupRequest(cookie: Buffer): Buffer {
  const name = cookie.length > 0 ? cookieName : '';
  const message = Buffer.alloc(12 + padded(name.length) + padded(cookie.length));
  message[0] = 'l'.charCodeAt(0);
  message.writeUInt16LE(11, 2);
  message.writeUInt16LE(name.length, 6);
  message.writeUInt16LE(cookie.length, 8);
  message.write(name, 12, 'latin1');
  cookie.copy(message, 12 + padded(name.length));
  return message;
}

/** The setup answer after its head: vendor and pixmap formats of any length stand before the first screen, which begins with its root. */
function rootOf(setup: Buffer): number {
  const vendorLength = setup.readUInt16LE(16);
  const formats = setup[21] ?? 0;
  return setup.readUInt32LE(32 + padded(vendorLength) + 8 * formats);
}

/** The cookie of this host and display in the authority file; empty when there is none, which servers may accept. */
async function readCookie(number: string, { XAUTHORITY, HOME }: X11Authority): Promise<Buffer> {
  const file = XAUTHORITY || (HOME && join(HOME, '.Xauthority'));
  const bytes = file ? await readFile(file).catch(() => Buffer.alloc(0)) : Buffer.alloc(0);
  const entries = authorityEntries(bytes).filter(
    (entry) => entry.name === cookieName && (entry.number === '' || entry.number === number),
  );
  const own = entries.find(({ family, host }) => family === localFamily && host === hostName());
  return (own ?? entries.find(({ family }) => family === wildFamily) ?? entries[0])?.data ?? Buffer.alloc(0);
}

const localFamily = 256;
const wildFamily = 65_535;

interface AuthorityEntry {
  readonly family: number;
  readonly host: string;
  readonly number: string;
  readonly name: string;
  readonly data: Buffer;
}

/** Entries of the form family, then four fields with their lengths, all big endian; a torn end is ignored. */
export function authorityEntries(bytes: Buffer): AuthorityEntry[] {
  const entries: AuthorityEntry[] = [];
  let at = 0;
  const field = (): Buffer => {
    const length = bytes.readUInt16BE(at);
    if (at + 2 + length > bytes.length) throw new RangeError('torn');
    at += 2 + length;
    return bytes.subarray(at - length, at);
  };
  try {
    while (at < bytes.length) {
      const family = bytes.readUInt16BE(at);
      at += 2;
      const [host, number, name] = [field().toString(), field().toString(), field().toString()];
      entries.push({ family, host, number, name, data: field() });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return entries;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
