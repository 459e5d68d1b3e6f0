import type { Result } from '../core/index.ts';
import type { WireError } from '../protocol/index.ts';
import type { MessageParts } from '../sinks/index.ts';

/**
 * One connection, as sessions use it: messages out, and how far the reader is behind.
 *
 * Messages leave in the order in which they were sent. After {@link close} or {@link terminate} nothing is sent
 * any more and calls are harmless. The owner calls the session's `receive`, `answered`, `drained` and `closed`.
 */
export interface Transport {
  /** Sends one text message. */
  send(parts: MessageParts): void;
  /** Bytes that the reader has not taken yet. */
  readonly bufferedBytes: number;
  /** The reader is behind; `drained` will be called when it has caught up. */
  readonly isBehind: boolean;
  /** Sends a ping. */
  ping(): void;
  /** Sends a close frame; the socket is closed when the other side answers, or soon after. */
  close(code: number, reason: string): void;
  /** Drops the socket at once. */
  terminate(): void;
}

/** The rights of a credential. */
export interface Principal {
  /** Name of the credential, for logs; never the secret. */
  readonly name: string;
  /** Roles that it may connect as. */
  readonly roles: readonly string[];
  /** Scopes that it may be granted. */
  readonly scopes: readonly string[];
  /** Names of the gateways whose rows it may see; `undefined` for all (PU14). */
  readonly gateways?: readonly string[] | undefined;
}

/** Who a client is, or why it is refused. */
export type Authentication = Result<Principal, WireError>;

/** Who is on the other side, as far as the socket and the upgrade request show. */
export interface Peer {
  /** Address of the client after trusted proxies; may be loopback. */
  readonly address: string | undefined;
  /** True when there is a proxy in between, so that a loopback address is the proxy's and not the client's. */
  readonly isForwarded?: boolean;
  /** The person that a trusted proxy names; absent when it names none (PA9). */
  readonly person?: Authentication | undefined;
  /** `Origin` header of a browser. */
  readonly origin: string | undefined;
  /** `Host` header: what the client calls this gateway. */
  readonly host: string | undefined;
}

/** A connection that a gateway took; the owner of its transport reports what happens to it. */
export interface ConnectionHandle {
  readonly connectionId: string;
  readonly isConnected: boolean;
  /** A text message, or a binary one that holds UTF-8 text (PW1). */
  receive(text: string): void;
  /** The other side answered a ping (PR7). */
  answered(): void;
  /** The reader caught up (PL2). */
  drained(): void;
  /** The socket is gone. */
  closed(): void;
}
