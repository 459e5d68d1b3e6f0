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
  /** The whole payload; absent when it is long and the reader was told to skim. */
  readonly whole?: Buffer;
}

/** How much of a skimmed message is kept at each end: enough for its kind, version and sequence number. */
export const EDGE_BYTES = 1024;
