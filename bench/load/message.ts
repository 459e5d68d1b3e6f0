import type { Telling } from './telling.ts';

/**
 * One WebSocket message as the load generator sees it. The buffers are only valid during the call that delivers them.
 */
export interface Message {
  /** Bytes of payload. */
  readonly length: number;
  /** The first bytes, at least {@link EDGE_BYTES} of them when there are that many. */
  readonly head: Buffer;
  /** The last bytes, at least {@link EDGE_BYTES} of them when there are that many. */
  readonly tail: Buffer;
  /** The whole payload; absent when it is long and the reader was told to skim, or when it is {@link told}. */
  readonly whole?: Buffer;
  /** What this client was told together with others; absent when it was told something of its own. */
  readonly told?: Told;
}

/** A message of a client in terms of what others were told. */
export interface Told {
  readonly telling: Telling;
  /** From here on the bytes are the client's own. */
  readonly ownFrom: number;
  readonly ownEnd: Buffer;
}

/** Finds what other clients are being told by the first bytes and the length of a message. */
export type Recall = (start: Buffer, length: number) => Telling | undefined;

/** How much of a skimmed message is kept at each end: enough for its kind, version and sequence number. */
export const EDGE_BYTES = 1024;

/** The whole payload in a buffer that may be kept; none of a message that was only skimmed. */
export function wholeOf({ whole, told }: Message): Buffer | undefined {
  return told === undefined ? whole && Buffer.from(whole) : wholeOfTold(told);
}

/** All of what a client was told together with others, in a buffer that may be kept. */
export function wholeOfTold({ telling, ownFrom, ownEnd }: Told): Buffer {
  return Buffer.concat([telling.bytes.subarray(0, ownFrom), ownEnd]);
}
