/** Not started, or stopped. */
export interface Idle {
  readonly phase: 'idle';
  /** Since when, by the local wall clock, in milliseconds since the epoch; so in every phase. */
  readonly sinceMs: number;
}

/** The first attempt is under way. */
export interface Connecting {
  readonly phase: 'connecting';
  readonly sinceMs: number;
}

/** The handshake succeeded. */
export interface Connected {
  readonly phase: 'connected';
  readonly sinceMs: number;
  /** Id of this connection at the gateway. */
  readonly connectionId: string;
  /** Version of the gateway. */
  readonly serverVersion: string;
  /** Negotiated protocol, 3 or 4. */
  readonly protocol: number;
  /** Granted role. */
  readonly role: string;
  /** Granted scopes. */
  readonly scopes: readonly string[];
  /** Methods that the gateway offers, where it names them. */
  readonly methods?: readonly string[];
  /** How the roster arrives: `delta` changes, `list` full lists, `none` when this role may not read presence. */
  readonly feed: Feed;
}

/** The connection was lost, or could not be made, for a temporary reason; it is retried automatically. */
export interface Reconnecting {
  readonly phase: 'reconnecting';
  /** Since when there is no connection; stays over several attempts. */
  readonly sinceMs: number;
  /** Stable word for the reason, for example `NETWORK`, `SERVICE_RESTART`, `AUTH_RATE_LIMITED`. */
  readonly code: string;
  /** The reason for people. */
  readonly reason: string;
  readonly whatToDo?: string;
  /** Attempts that failed since the connection was lost. */
  readonly attempts: number;
  /** Delay of the next attempt, counted from the moment this state began; absent while an attempt is under way. */
  readonly retryInMs?: number;
}

/** The gateway refused this client for good: nothing is tried again until `start()` is called. */
export interface Refused {
  readonly phase: 'refused';
  readonly sinceMs: number;
  /** Stable word for the reason, for example `AUTH_TOKEN_MISMATCH`, `MISSING_SCOPE`, `PROTOCOL_MISMATCH`. */
  readonly code: string;
  /** The reason for people, in the gateway's words. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly whatToDo: string;
}

/** How the roster arrives on a connection. */
export type Feed = 'delta' | 'list' | 'none';

/** State of the connection of a presence client. Immutable; a new object with every transition. */
export type ClientState = Idle | Connecting | Connected | Reconnecting | Refused;

/** The two levels of the client's log; `console` and pino fit. */
export interface ClientLogger {
  debug(message: string): void;
  warn(message: string): void;
}
