import { EDGE_BYTES, type Message, type Recalled } from './message.ts';
import { ScratchPool } from './scratch-pool.ts';

/** Puts together a message that came in several pieces. */
export interface Collector {
  /** Takes the piece that begins at this byte of the message; pieces come in order. */
  take(piece: Buffer, at: number): void;
  /** Hands the message over; its buffers are only valid during the call. */
  deliver(to: (message: Message) => void): void;
}

/** All collectors of a process; their messages are read one after the other. */
const scratch = new ScratchPool();

/** Copies everything. */
export class WholeCollector implements Collector {
  readonly #length: number;
  readonly #copy: Buffer;

  constructor(length: number) {
    this.#length = length;
    this.#copy = scratch.take(length);
  }

  take(piece: Buffer, at: number): void {
    this.#copy.set(piece, at);
  }

  deliver(to: (message: Message) => void): void {
    const whole = this.#copy.subarray(0, this.#length);
    to({ length: this.#length, head: whole, tail: whole, whole });
    scratch.give(this.#copy);
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

/** Longest end of a message that is a client's own. */
const OWN_END_BYTES = 160;

/** True when a message of this length may be what another client was told already, but for its own end. */
export function mayBe(recalled: Recalled, length: number): boolean {
  const ownEndBytes = length - recalled.shared.length;
  return ownEndBytes >= 0 && ownEndBytes <= OWN_END_BYTES;
}

/**
 * Compares every byte with what another client was told, and copies only when it turns out to differ: a thousand copies
 * of one list are then read, but not stored.
 */
export class ComparingCollector implements Collector {
  readonly #length: number;
  readonly #recalled: Recalled;
  readonly #ownEnd: Buffer;
  #whole: WholeCollector | undefined;

  constructor(length: number, recalled: Recalled) {
    this.#length = length;
    this.#recalled = recalled;
    this.#ownEnd = Buffer.allocUnsafe(length - recalled.shared.length);
  }

  take(piece: Buffer, at: number): void {
    if (this.#whole !== undefined) return this.#whole.take(piece, at);
    const { shared } = this.#recalled;
    const common = Math.max(0, Math.min(piece.length, shared.length - at));
    if (common > 0 && piece.compare(shared, at, at + common, 0, common) !== 0)
      return this.#differs(piece, at);
    if (common < piece.length) this.#ownEnd.set(piece.subarray(common), at + common - shared.length);
  }

  deliver(to: (message: Message) => void): void {
    if (this.#whole !== undefined) return this.#whole.deliver(to);
    const { shared } = this.#recalled;
    const tail = Buffer.concat([shared.subarray(-EDGE_BYTES), this.#ownEnd]);
    const recalled = { was: this.#recalled, ownEnd: this.#ownEnd };
    to({ length: this.#length, head: shared, tail, recalled });
  }

  #differs(piece: Buffer, at: number): void {
    this.#whole = new WholeCollector(this.#length);
    this.#whole.take(this.#recalled.shared.subarray(0, at), 0);
    this.#whole.take(piece, at);
  }
}
