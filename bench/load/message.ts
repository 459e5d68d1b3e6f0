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
  /** The whole payload; absent when it is long and the reader was told to skim, or when it is {@link recalled}. */
  readonly whole?: Buffer;
  /** What another client was told and this one too, byte for byte, and what follows; absent when it is not so. */
  readonly recalled?: { readonly was: Recalled; readonly ownEnd: Buffer };
}

/** Something that another client was told already. */
export interface Recalled {
  /** All of it but the client's own end, such as a sequence number. */
  readonly shared: Buffer;
}

/** Finds what another client was told already by the first bytes of a message. */
export type Recall = (start: Buffer) => Recalled | undefined;

/** How much of a skimmed message is kept at each end: enough for its kind, version and sequence number. */
export const EDGE_BYTES = 1024;
