import { EDGE_BYTES, type Message } from './message.ts';
import { OWN_END_BYTES, type SharedMessage } from './shared-message.ts';

/** Assembles a message that arrived in several chunks. */
export interface Collector {
  /** Adds the chunk that begins at this byte of the message; chunks come in order. */
  take(piece: Buffer, at: number): void;
  /** Delivers the message; its buffers are only valid during the call. */
  deliver(to: (message: Message) => void): void;
}

/** Copies everything. */
export class WholeCollector implements Collector {
  readonly #whole: Buffer;

  constructor(length: number) {
    this.#whole = Buffer.allocUnsafe(length);
  }

  take(piece: Buffer, at: number): void {
    this.#whole.set(piece, at);
  }

  deliver(to: (message: Message) => void): void {
    const whole = this.#whole;
    to({ length: whole.length, head: whole, tail: whole, whole });
  }
}

/** Copies both ends only. */
export class EdgeCollector implements Collector {
  readonly #length: number;
  readonly #head = Buffer.allocUnsafe(EDGE_BYTES);
  readonly #tail = Buffer.allocUnsafe(EDGE_BYTES);

  constructor(length: number) {
    this.#length = length;
  }

  take(piece: Buffer, at: number): void {
    if (at < EDGE_BYTES) this.#head.set(piece.subarray(0, EDGE_BYTES - at), at);
    const tailStart = this.#length - EDGE_BYTES;
    const from = Math.max(0, tailStart - at);
    if (from < piece.length) this.#tail.set(piece.subarray(from), at + from - tailStart);
  }

  deliver(to: (message: Message) => void): void {
    to({ length: this.#length, head: this.#head, tail: this.#tail });
  }
}

/** Stores the bytes in a shared message, and copies everything only when it is a different message. */
export class SharingCollector implements Collector {
  readonly #length: number;
  readonly #sharedMessage: SharedMessage;
  readonly #ownFrom: number;
  readonly #ownEnd = Buffer.allocUnsafe(OWN_END_BYTES);
  #whole: WholeCollector | undefined;

  constructor(length: number, sharedMessage: SharedMessage) {
    this.#length = length;
    this.#sharedMessage = sharedMessage;
    this.#ownFrom = length - OWN_END_BYTES;
  }

  take(piece: Buffer, at: number): void {
    if (this.#whole !== undefined) return this.#whole.take(piece, at);
    const common = Math.max(0, Math.min(piece.length, this.#ownFrom - at));
    const shared = common === piece.length ? piece : piece.subarray(0, common);
    if (common > 0 && !this.#sharedMessage.take(shared, at)) this.#differs(piece, at);
    else if (common < piece.length) this.#ownEnd.set(piece.subarray(common), at + common - this.#ownFrom);
  }

  deliver(to: (message: Message) => void): void {
    if (this.#whole !== undefined) return this.#whole.deliver(to);
    const { bytes } = this.#sharedMessage;
    const head = bytes.subarray(0, EDGE_BYTES);
    const tail = Buffer.concat([bytes.subarray(this.#ownFrom - EDGE_BYTES, this.#ownFrom), this.#ownEnd]);
    const sharedUse = { sharedMessage: this.#sharedMessage, ownFrom: this.#ownFrom, ownEnd: this.#ownEnd };
    to({ length: this.#length, head, tail, sharedUse });
  }

  #differs(piece: Buffer, at: number): void {
    this.#whole = new WholeCollector(this.#length);
    this.#whole.take(this.#sharedMessage.bytes.subarray(0, at), 0);
    this.#whole.take(piece, at);
  }
}
