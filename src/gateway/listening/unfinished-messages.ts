import type { Clock, Instant } from '../../core/index.ts';
import { type CloseName, LIMITS, type WireClose, wireClose } from '../../protocol/index.ts';
import type { PeriodicTask } from '../time/schedule.ts';

/** Bounds of messages that have begun and not ended (PL6). */
export interface UnfinishedLimits {
  /** Time for a client to send a whole message, milliseconds. */
  readonly messageTimeoutMs: number;
  /** Most unfinished bytes of one credential at one address. */
  readonly maxUnfinishedBytesPerClient: number;
  /** Most unfinished bytes in all. */
  readonly maxUnfinishedBytes: number;
  /** Memory of one chunk beside its bytes: a sender decides how small the chunks are. */
  readonly chunkOverheadBytes: number;
}

/** Networks deliver messages in chunks of about this size. */
const usualChunkBytes = 1_024;

/** The bounds in force: a whole message fits into each of them. */
export function unfinishedLimits<
  T extends Omit<UnfinishedLimits, 'chunkOverheadBytes'> & { readonly maxPayloadBytes: number },
>(settings: T): T & UnfinishedLimits {
  const { maxPayloadBytes, maxUnfinishedBytesPerClient, maxUnfinishedBytes } = settings;
  const longestBytes = Math.max(maxPayloadBytes, LIMITS.maxBodyBytes);
  const { chunkOverheadBytes } = LIMITS;
  const wholeBytes = longestBytes + Math.ceil(longestBytes / usualChunkBytes) * chunkOverheadBytes;
  return {
    ...settings,
    chunkOverheadBytes,
    maxUnfinishedBytesPerClient: Math.max(maxUnfinishedBytesPerClient, wholeBytes),
    maxUnfinishedBytes: Math.max(maxUnfinishedBytes, wholeBytes),
  };
}

/** A connection whose unfinished bytes are counted. */
export interface MessageSource {
  /** Credential and address: what is counted together. */
  readonly group: string;
  /** Ends the connection and stops reading from it. */
  end(close: WireClose): void;
}

interface Unfinished {
  readonly source: MessageSource;
  readonly group: string;
  readonly sinceMonoMs: number;
  bytes: number;
  /** The bytes, and the memory of their chunks. */
  cost: number;
}

/**
 * Counts the bytes of messages that have begun and not ended, and ends connections that leave too many for too long.
 *
 * An authenticated client may send the beginning of a message and stop; `ws` keeps what came, also for the
 * time of the close. So what an ended connection holds counts against its client until it is gone. Complete messages and control
 * frames cost nothing here.
 */
export class UnfinishedMessages implements PeriodicTask {
  readonly #limits: UnfinishedLimits;
  readonly #clock: Clock;
  /** In the order in which their messages began. */
  readonly #sources = new Map<MessageSource, Unfinished>();
  /** Ended, and not gone yet. */
  readonly #ended = new Map<MessageSource, Unfinished>();
  /** Of all sources of a group, ended ones too. */
  readonly #groupBytes = new Map<string, number>();
  #bytes = 0;
  #endedBytes = 0;

  constructor(options: UnfinishedLimits & { readonly clock: Clock }) {
    this.#limits = options;
    this.#clock = options.clock;
  }

  /** Unfinished bytes of all that are not ended, with the memory of their chunks. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes came that ended no message; fewer than none when they end a control frame that was counted before. */
  add(source: MessageSource, bytes: number): void {
    const known = this.#sources.get(source);
    if ((known === undefined && bytes <= 0) || this.#ended.has(source)) return;
    const unfinished = known ?? this.#begin(source);
    const added = Math.max(bytes, -unfinished.bytes);
    const cost = added > 0 ? added + this.#limits.chunkOverheadBytes : added;
    unfinished.bytes += added;
    unfinished.cost += cost;
    this.#bytes += cost;
    this.#countGroup(unfinished.group, cost);
    if (unfinished.bytes === 0) this.remove(source);
    else this.#enforce(unfinished);
  }

  /** A message of the connection is complete, or the connection is gone. */
  remove(source: MessageSource): void {
    const known = this.#sources.get(source) ?? this.#ended.get(source);
    if (known === undefined) return;
    if (this.#sources.delete(source)) this.#bytes -= known.cost;
    if (this.#ended.delete(source)) this.#endedBytes -= known.cost;
    this.#countGroup(known.group, -known.cost);
  }

  run({ monoMs }: Instant): number | undefined {
    const { messageTimeoutMs } = this.#limits;
    for (const { source, sinceMonoMs } of [...this.#sources.values()]) {
      if (monoMs - sinceMonoMs < messageTimeoutMs) return sinceMonoMs + messageTimeoutMs;
      this.#end(source, 'messageTimeout');
    }
    return undefined;
  }

  #begin(source: MessageSource): Unfinished {
    const { group } = source;
    const unfinished = { source, group, sinceMonoMs: this.#clock.now().monoMs, bytes: 0, cost: 0 };
    this.#sources.set(source, unfinished);
    return unfinished;
  }

  #enforce({ source, group }: Unfinished): void {
    const { maxUnfinishedBytes, maxUnfinishedBytesPerClient } = this.#limits;
    const groupBytes = this.#groupBytes.get(group) ?? 0;
    const isTooMuch = this.#bytes + this.#endedBytes > 2 * maxUnfinishedBytes;
    if (groupBytes > maxUnfinishedBytesPerClient || isTooMuch) this.#end(source, 'unfinishedBytes');
    while (this.#bytes > maxUnfinishedBytes) {
      const [oldest] = this.#sources.keys();
      if (oldest === undefined) return;
      this.#end(oldest, 'unfinishedBytes');
    }
  }

  #end(source: MessageSource, close: CloseName): void {
    const known = this.#sources.get(source);
    if (known === undefined) return;
    this.#sources.delete(source);
    this.#ended.set(source, known);
    this.#bytes -= known.cost;
    this.#endedBytes += known.cost;
    source.end(wireClose(close));
  }

  #countGroup(group: string, bytes: number): void {
    const left = (this.#groupBytes.get(group) ?? 0) + bytes;
    if (left > 0) this.#groupBytes.set(group, left);
    else this.#groupBytes.delete(group);
  }
}
