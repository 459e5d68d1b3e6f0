/** Why an instance arrived, departed or changed its standing; a closed list (PJ1). */
export type CauseCode =
  | 'connected'
  | 'reconnected'
  | 'closed'
  | 'connection-lost'
  | 'reset'
  | 'replaced'
  | 'slept'
  | 'woke'
  | 'shut-down'
  | 'gateway-restart'
  | 'gateway-unreachable'
  | 'revoked'
  | 'slow-reader'
  | 'expired'
  | 'evicted'
  | 'removed'
  | 'unknown';

/** A cause and what shows it. Nothing is guessed: what is inferred says from what (PJ1). */
export interface Cause {
  readonly code: CauseCode;
  /** For people, one line, for example `code 1000, reason "bye"` or `no answer to pings for 50 s`. */
  readonly evidence?: string;
}
