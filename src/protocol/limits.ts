import { FIELD_BOUNDS } from '../core/index.ts';

/**
 * Bounds of the wire (PL). Bytes, milliseconds, characters (UTF-16 units) and counts, as the name states.
 *
 * Those that an operator may change are settings of the gateway.
 */
export const LIMITS = {
  /** Longest identifier, name, address, version … (PL4). */
  maxWordLength: FIELD_BOUNDS.maxLength as number,
  /** Longest summary line (PL4). */
  maxTextLength: FIELD_BOUNDS.maxLineLength as number,
  /** Most items of roles, scopes, tags (PL4). */
  maxListItems: FIELD_BOUNDS.maxItems as number,
  /** Most capabilities of a client; only known ones are read. */
  maxCaps: 256,
  /** Longest public key or signature, in base64 characters. */
  maxKeyLength: 512,
  /** Greatest number of seconds since the last input: twelve digits, as in the text line. */
  maxLastInputSeconds: FIELD_BOUNDS.maxInteger as number,
  /** Largest frame before the handshake (PL1). */
  maxPreauthPayloadBytes: 65_536,
  /** Longest body of an HTTP request: more than the longest list of beacons needs. */
  maxBodyBytes: 1_048_576,
  /** Memory of one chunk of a message beside its bytes: a sender decides how small the chunks are (PL6). */
  chunkOverheadBytes: 256,
  /** Most chunks in which the bytes before the handshake may arrive (PL1). */
  maxPreauthChunks: 1_024,
  /** Calls above its role that a connection may make; the next one closes it. */
  maxUnauthorizedCalls: 10,
  /** How far the time of a device signature may be off, either way. */
  signatureSkewMs: 120_000,
} as const;
