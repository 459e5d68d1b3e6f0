/** Close codes that this gateway sends (RFC 6455 §7.4). */
export type CloseCode = 1000 | 1002 | 1008 | 1009 | 1012;

/** One row of the table: a close without an answer. */
export interface CloseRow {
  readonly when: string;
  readonly closeCode: CloseCode;
  readonly closeReason: string;
  /** The client may connect again as it is. */
  readonly retryable: boolean;
}

/** Closes without an answer, by what led to them. */
export type CloseName =
  | 'notJson'
  | 'handshakeTimeout'
  | 'firstFrameInvalid'
  | 'frameTooLarge'
  | 'repeatedUnauthorized'
  | 'slowConsumer'
  | 'messageTimeout'
  | 'unfinishedBytes'
  | 'tokenRevoked'
  | 'disconnected'
  | 'serviceRestart';

/**
 * Every close that no answer precedes (PW10).
 *
 * `docs/protocol.md`, section "Errors and closes", lists the same rows; a test compares the two in both directions.
 */
export const CLOSES: Readonly<Record<CloseName, CloseRow>> = {
  notJson: { when: 'first frame is not JSON', closeCode: 1000, closeReason: '', retryable: false },
  handshakeTimeout: {
    when: 'no complete handshake within 15 s',
    closeCode: 1000,
    closeReason: '',
    retryable: true,
  },
  firstFrameInvalid: {
    when: 'first frame is JSON but no request',
    closeCode: 1008,
    closeReason: 'invalid request frame',
    retryable: false,
  },
  frameTooLarge: {
    when: 'frame over 64 KiB before the handshake, over `maxPayload` after it',
    closeCode: 1009,
    closeReason: '',
    retryable: false,
  },
  repeatedUnauthorized: {
    when: '11th call above the role of the connection',
    closeCode: 1008,
    closeReason: 'repeated unauthorized calls',
    retryable: false,
  },
  slowConsumer: {
    when: 'reader that leaves more than `maxBufferedBytes` unread',
    closeCode: 1008,
    closeReason: 'slow consumer',
    retryable: true,
  },
  messageTimeout: {
    when: 'message that is not complete within `messageTimeoutMs`',
    closeCode: 1008,
    closeReason: 'message timeout',
    retryable: true,
  },
  unfinishedBytes: {
    when: 'unfinished messages over `maxUnfinishedBytesPerClient` or `maxUnfinishedBytes`',
    closeCode: 1008,
    closeReason: 'too many unfinished bytes',
    retryable: true,
  },
  tokenRevoked: {
    when: 'the token of the connection was revoked',
    closeCode: 1008,
    closeReason: 'token revoked',
    retryable: false,
  },
  disconnected: {
    when: 'an operator ended the connection (`presence.disconnect`, `presence.remove`)',
    closeCode: 1008,
    closeReason: 'disconnected by an operator',
    retryable: true,
  },
  serviceRestart: {
    when: 'the gateway stops, after the `shutdown` event',
    closeCode: 1012,
    closeReason: 'service restart',
    retryable: true,
  },
};
