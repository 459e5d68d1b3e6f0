/** Longest end of a message that is a client's own, such as a sequence number. */
export const OWN_END_BYTES = 160;

/**
 * A long message to many clients: the first reader of a byte stores it, and all others compare. A thousand
 * copies of one list are then read, but stored once.
 */
export class SharedMessage {
  /** The message but for the client's own end; the first {@link storedBytes} are known. */
  readonly bytes: Buffer;
  #storedBytes = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length);
  }

  /** True when a message of this length may be this one, but for its own end. */
  mayBe(length: number): boolean {
    return Math.abs(length - this.bytes.length) < OWN_END_BYTES;
  }

  /**
   * Adds what a client received from this byte on; what came before was added already.
   *
   * @returns false when others received something else.
   */
  take(piece: Buffer, at: number): boolean {
    const known = Math.min(piece.length, this.#storedBytes - at);
    if (known > 0 && piece.compare(this.bytes, at, at + known, 0, known) !== 0) return false;
    if (known < piece.length) {
      this.bytes.set(piece.subarray(known), at + known);
      this.#storedBytes = at + piece.length;
    }
    return true;
  }
}
