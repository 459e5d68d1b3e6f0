import { type Collector, EdgeCollector, SharingCollector, WholeCollector } from './collector.ts';
import { EDGE_BYTES, type Message, type Recall } from './message.ts';

/** Receives what the reader finds. */
export interface FrameHandler {
  message(message: Message): void;
  ping(payload: Buffer): void;
  close(code: number, reason: string): void;
}

const OPCODE_CLOSE = 8;
const OPCODE_PING = 9;
const FIRST_CONTROL_OPCODE = 8;

/**
 * Reads what a server sends (unmasked frames) with as little work as possible.
 *
 * A message that lies in one chunk is delivered without a copy. A long one that spans chunks is only skimmed unless
 * {@link keepWhole} is set, and kept once for all clients who receive the same, so that a thousand watchers cost the
 * generator little more than the reads.
 */
export class FrameReader {
  keepWhole = false;
  readonly #handler: FrameHandler;
  readonly #recall: Recall;
  readonly #header = Buffer.alloc(10);
  #headerBytes = 0;
  #inPayload = false;
  #frameLength = 0;
  #received = 0;
  #collector: Collector | undefined;
  #fragments: Message[] = [];

  constructor(handler: FrameHandler, recall: Recall = () => undefined) {
    this.#handler = handler;
    this.#recall = recall;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length)
      at = this.#inPayload ? this.#readPayload(chunk, at) : this.#readHeader(chunk, at);
  }

  #readHeader(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      this.#header[this.#headerBytes++] = chunk[at++] ?? 0;
      if (this.#headerBytes >= 2 && this.#headerBytes === headerLength(this.#header)) {
        this.#startPayload();
        break;
      }
    }
    return at;
  }

  #startPayload(): void {
    this.#frameLength = payloadLength(this.#header);
    this.#headerBytes = 0;
    this.#received = 0;
    this.#inPayload = true;
    if (this.#frameLength === 0) this.#deliverWhole(Buffer.alloc(0));
  }

  #readPayload(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#frameLength - this.#received);
    const piece = at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end);
    if (piece.length === this.#frameLength) this.#deliverWhole(piece);
    else this.#collect(piece);
    return end;
  }

  #collect(piece: Buffer): void {
    const collector = this.#collector ?? this.#newCollector(piece);
    this.#collector = collector;
    collector.take(piece, this.#received);
    this.#received += piece.length;
    if (this.#received < this.#frameLength) return;
    this.#collector = undefined;
    collector.deliver((message) => this.#deliver(message));
  }

  #newCollector(start: Buffer): Collector {
    const length = this.#frameLength;
    if (length <= 4 * EDGE_BYTES) return new WholeCollector(length);
    if (!this.keepWhole) return new EdgeCollector(length);
    const sharedMessage = this.#recall(start, length);
    return sharedMessage ? new SharingCollector(length, sharedMessage) : new WholeCollector(length);
  }

  #deliverWhole(whole: Buffer): void {
    this.#deliver({ length: whole.length, head: whole, tail: whole, whole });
  }

  #deliver(frame: Message): void {
    this.#inPayload = false;
    const first = this.#header[0] ?? 0;
    const opcode = first & 0x0f;
    if (opcode >= FIRST_CONTROL_OPCODE) this.#deliverControl(opcode, frame.head);
    else if (first >= 0x80 && this.#fragments.length === 0) this.#handler.message(frame);
    else this.#deliverFragment(frame, first >= 0x80);
  }

  #deliverControl(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE_PING) this.#handler.ping(payload);
    if (opcode !== OPCODE_CLOSE) return;
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.#handler.close(code, payload.toString('utf8', 2));
  }

  #deliverFragment(frame: Message, last: boolean): void {
    this.#fragments.push(copyOf(frame));
    if (!last) return;
    const fragments = this.#fragments;
    this.#fragments = [];
    this.#handler.message(joined(fragments));
  }
}

function headerLength(header: Buffer): number {
  const short = (header[1] ?? 0) & 0x7f;
  return short === 127 ? 10 : short === 126 ? 4 : 2;
}

function payloadLength(header: Buffer): number {
  const short = (header[1] ?? 0) & 0x7f;
  if (short === 127) return header.readUInt32BE(2) * 2 ** 32 + header.readUInt32BE(6);
  return short === 126 ? header.readUInt16BE(2) : short;
}

function copyOf(frame: Message): Message {
  if (!frame.whole) return frame;
  const whole = Buffer.from(frame.whole);
  return { length: whole.length, head: whole, tail: whole, whole };
}

function joined(fragments: readonly Message[]): Message {
  const wholes = fragments.map((fragment) => fragment.whole).filter((whole) => whole !== undefined);
  if (wholes.length === fragments.length) {
    const whole = Buffer.concat(wholes);
    return { length: whole.length, head: whole, tail: whole, whole };
  }
  const length = fragments.reduce((sum, fragment) => sum + fragment.length, 0);
  const head = Buffer.concat(fragments.map((fragment) => fragment.head));
  const tail = Buffer.concat(fragments.map((fragment) => fragment.tail));
  return { length, head, tail };
}
