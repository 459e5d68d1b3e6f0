import type { SharedMessage } from './shared-message.ts';

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
  /** The whole payload; absent when it is long and the reader skims, or when it is {@link sharedUse}. */
  readonly whole?: Buffer;
  /** The part that this client received as others did; absent when the message is its own. */
  readonly sharedUse?: SharedUse;
}

/** A message of a client in terms of what others received. */
export interface SharedUse {
  readonly sharedMessage: SharedMessage;
  /** From here on the bytes are the client's own. */
  readonly ownFrom: number;
  readonly ownEnd: Buffer;
}

/** Finds a message that other clients are receiving by the first bytes and the length of a message. */
export type Recall = (start: Buffer, length: number) => SharedMessage | undefined;

/** How much of a skimmed message is kept at each end: enough for its kind, version and sequence number. */
export const EDGE_BYTES = 1024;

/** The whole payload in a buffer that may be kept; none of a message that was only skimmed. */
export function wholeOf({ whole, sharedUse }: Message): Buffer | undefined {
  return sharedUse === undefined ? whole && Buffer.from(whole) : wholeOfShared(sharedUse);
}

/** All of what a client received as others did, in a buffer that may be kept. */
export function wholeOfShared({ sharedMessage, ownFrom, ownEnd }: SharedUse): Buffer {
  return Buffer.concat([sharedMessage.bytes.subarray(0, ownFrom), ownEnd]);
}
