import { FIELD_BOUNDS } from '../core/index.ts';

/**
 * Bounds of the wire (PL). Bytes, milliseconds, characters (UTF-16 units) and counts, as the name says.
 *
 * Those an operator may change are defaults; the gateway's options carry the value in force.
 */
export const LIMITS = {
  /** Longest identifier, name, address, version … (PL4). */
  maxWordLength: FIELD_BOUNDS.maxLength as number,
  /** Longest summary line (PL4). */
  maxTextLength: FIELD_BOUNDS.maxLineLength as number,
  /** Most items of roles, scopes, tags (PL4). */
  maxListItems: FIELD_BOUNDS.maxItems as number,
  /** Most capabilities of a client; only those we know are looked at. */
  maxCaps: 256,
  /** Longest public key or signature, in base64 characters. */
  maxKeyLength: 512,
  /** Greatest number of seconds since the last input: twelve digits, as in the text line. */
  maxLastInputSeconds: FIELD_BOUNDS.maxInteger as number,
  /** Time from the opening of the socket to a complete handshake (PW2, PL1). */
  handshakeTimeoutMs: 15_000,
  /** Largest frame before the handshake (PL1). */
  maxPreauthPayloadBytes: 65_536,
  /** Most sockets of one address that have not finished the handshake (PL1). */
  maxPreauthSocketsPerAddress: 32,
  /** Largest frame after the handshake (PL1); default. */
  maxPayloadBytes: 4_194_304,
  /** Most bytes that wait for one slow reader (PL2); default. */
  maxBufferedBytes: 4_194_304,
  /** Requests per connection and second (PL3); default, 0 switches it off. */
  requestsPerSecond: 200,
  /** Requests that a connection may send at once (PL3); default. */
  requestBurst: 1_000,
  /** Most connections (PL5); default. */
  maxConnections: 10_000,
  /** Calls above its role that a connection may make; the next one closes it. */
  maxUnauthorizedCalls: 10,
  /** Failed authentications of one address within `authFailureWindowMs` that shut it out (PA7). */
  maxAuthFailures: 10,
  authFailureWindowMs: 60_000,
  /** How long an address stays shut out (PA7). */
  authLockoutMs: 300_000,
  /** How far the time of a device signature may be off, either way. */
  signatureSkewMs: 120_000,
  /** Time between two `tick` events (PW8); default. */
  tickIntervalMs: 30_000,
  /** Time between two keep-alive pings (PR7); default. */
  pingIntervalMs: 25_000,
} as const;
