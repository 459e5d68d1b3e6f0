import type { Clock } from '../../core/index.ts';
import type { MessageParts } from './roster-json.ts';

/** Somebody who is sent more than it has taken yet. */
export interface SlowReader {
  /** Bytes that it was sent and has not taken. */
  readonly unreadBytes: number;
  /** Drops its connection for being slow. */
  drop(): void;
}

export interface UnreadBytesOptions {
  /** Most unread bytes of all readers together (PL8). */
  readonly maxUnreadBytes: number;
  readonly clock: Clock;
}

/** What is known of a reader since it fell behind. */
interface Behind {
  readonly sinceMonoMs: number;
  /** All bytes that it had to take since then. */
  sentBytes: number;
  /** Bytes that were made for it alone. */
  ownBytes: number;
  /** Buffers of parts that others may hold too. */
  readonly shared: Set<ArrayBufferLike>;
}

/** Parts from this size on are not copied for each reader (`writeFrame` of the gateway). */
const sharedBytes = 16_384;
/** A reader is taken to have read that much when it falls behind: those who only just did are not the slowest. */
const creditBytes = 65_536;

/**
 * Bounds what all readers together leave unread (PL8). Over the bound the slowest reader goes first: who took the fewest bytes per
 * second since it fell behind.
 *
 * Only readers that are behind are counted, from the message that put them there until they have taken everything. Bytes that many
 * hold count once, as they are kept once.
 */
export class UnreadBytes {
  readonly #options: UnreadBytesOptions;
  /** In the order in which they fell behind. */
  readonly #readers = new Map<SlowReader, Behind>();
  readonly #holders = new Map<ArrayBufferLike, number>();
  #bytes = 0;

  constructor(options: UnreadBytesOptions) {
    this.#options = options;
  }

  /** Unread bytes in all, at most: what readers took since they were last sent something may be among them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A message was sent to a reader that has not taken all of it. */
  sent(reader: SlowReader, message: MessageParts): void {
    const behind = this.#readers.get(reader) ?? this.#begin(reader);
    for (const part of message) {
      const bytes = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
      behind.sentBytes += bytes;
      if (typeof part !== 'string' && bytes >= sharedBytes) this.#hold(part.buffer, behind);
      else this.#own(behind, bytes);
    }
    this.#enforce();
  }

  /** Bytes that were made for a reader alone wait for it. */
  wait(reader: SlowReader, bytes: number): void {
    const behind = this.#readers.get(reader) ?? this.#begin(reader);
    behind.sentBytes += bytes;
    this.#own(behind, bytes);
    this.#enforce();
  }

  /** The reader took everything, or is gone. */
  remove(reader: SlowReader): void {
    const behind = this.#readers.get(reader);
    if (behind === undefined) return;
    this.#readers.delete(reader);
    this.#own(behind, -behind.ownBytes);
    for (const buffer of behind.shared) this.#release(buffer);
  }

  #begin(reader: SlowReader): Behind {
    const sinceMonoMs = this.#options.clock.now().monoMs;
    const behind: Behind = { sinceMonoMs, sentBytes: 0, ownBytes: 0, shared: new Set() };
    this.#readers.set(reader, behind);
    return behind;
  }

  #enforce(): void {
    const { maxUnreadBytes, clock } = this.#options;
    if (this.#bytes <= maxUnreadBytes) return;
    this.#recount();
    if (this.#bytes <= maxUnreadBytes) return;
    const nowMonoMs = clock.now().monoMs;
    const rated = Array.from(this.#readers, ([reader, behind]) => ({
      reader,
      bytesPerMs: rateOf(reader, behind, nowMonoMs),
    }));
    // Of two who took nothing the one that has done so for longer goes first.
    for (const { reader } of rated.sort((a, b) => a.bytesPerMs - b.bytesPerMs)) {
      if (this.#bytes <= maxUnreadBytes) return;
      this.remove(reader);
      reader.drop();
    }
  }

  /** Takes off what was taken since it was counted. */
  #recount(): void {
    for (const [reader, behind] of [...this.#readers]) {
      const { unreadBytes } = reader;
      if (unreadBytes === 0) this.remove(reader);
      else this.#own(behind, Math.min(0, unreadBytes - behind.ownBytes));
    }
  }

  #own(behind: Behind, bytes: number): void {
    behind.ownBytes += bytes;
    this.#bytes += bytes;
  }

  #hold(buffer: ArrayBufferLike, { shared }: Behind): void {
    if (shared.has(buffer)) return;
    shared.add(buffer);
    const holders = this.#holders.get(buffer) ?? 0;
    if (holders === 0) this.#bytes += buffer.byteLength;
    this.#holders.set(buffer, holders + 1);
  }

  #release(buffer: ArrayBufferLike): void {
    const holders = (this.#holders.get(buffer) ?? 0) - 1;
    if (holders > 0) {
      this.#holders.set(buffer, holders);
      return;
    }
    this.#holders.delete(buffer);
    this.#bytes -= buffer.byteLength;
  }
}

function rateOf({ unreadBytes }: SlowReader, { sentBytes, sinceMonoMs }: Behind, nowMonoMs: number): number {
  return (sentBytes - unreadBytes + creditBytes) / (nowMonoMs - sinceMonoMs + 1);
}
