/** Smallest buffer that is kept; smaller messages share this size. */
const LEAST_BYTES = 4_096;

/**
 * Buffers that messages are put together in, used again and again: a thousand watchers who are told the same list at once
 * would otherwise make a gigabyte of garbage, and its collection would be part of what is measured.
 */
export class ScratchPool {
  /** Free buffers by size, each a power of two. */
  readonly #free = new Map<number, Buffer[]>();

  /** A buffer of at least this length, with anything in it. */
  take(bytes: number): Buffer {
    const size = sizeFor(bytes);
    return this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
  }

  /** Takes a buffer of {@link take} back; nobody may look at it any more. */
  give(buffer: Buffer): void {
    const free = this.#free.get(buffer.length);
    if (free === undefined) this.#free.set(buffer.length, [buffer]);
    else free.push(buffer);
  }
}

function sizeFor(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(LEAST_BYTES, bytes)));
}
