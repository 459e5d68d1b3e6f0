import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-256 of a secret: enough for 256 random bits, and of one length whatever the length of the secret.
 *
 * Of its normal form NFC: keyboards and systems compose accented letters differently (PA8).
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret.normalize('NFC')).digest();
}

/** Compares a secret with a hash; the time it takes depends on neither (PA2). */
export function isSecretOf(secret: string, hash: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(secret), hash);
}
