import type { Result } from '../core/index.ts';
import type { WireError } from '../protocol/index.ts';
import type { MessageParts } from '../sinks/index.ts';

/**
 * One connection, as sessions see it: messages out, and how far the reader is behind.
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
  /** Asks the reader for a sign of life. */
  ping(): void;
  /** Says goodbye with a close frame; the socket goes when the other side answers, or soon after. */
  close(code: number, reason: string): void;
  /** Drops the socket at once. */
  terminate(): void;
}

/** What a credential is good for. */
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

/** Who a client is, or why it may not come in. */
export type Authentication = Result<Principal, WireError>;

/** Who is on the other side, as far as the socket and the upgrade request show. */
export interface Peer {
  /** Address of the client after trusted proxies; may be loopback. */
  readonly address: string | undefined;
  /** A proxy stands between, so that a loopback address is the proxy's and not the client's. */
  readonly isForwarded?: boolean;
  /** What a trusted proxy says of the person who asks; absent when it says nothing (PA9). */
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
