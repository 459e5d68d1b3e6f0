import { hash, timingSafeEqual } from 'node:crypto';
/**
 * Why a secret cannot be used, as the end of a sentence; `undefined` when every transport can carry it (PA8).
 *
 * A header of HTTP carries no control characters and no blanks at its ends; bytes that are no UTF-8 were lost when it was read.
 */
export function secretProblem(secret: string): string | undefined {
  if (secret.trim() === '') return 'is blank';
  if (secret !== secret.trim()) return 'begins or ends with a blank, which HTTP cannot carry';
  if (/\p{Cc}/u.test(secret)) return 'holds a control character, which HTTP cannot carry';
  if (/[\uFFFD\p{Cs}]/u.test(secret)) return 'is not valid UTF-8: save it as UTF-8';
  return undefined;
}

/**
 * The secret that a header of HTTP carries, as it was typed (PA8).
 *
 * Node reads the bytes of a header as Latin-1; clients send UTF-8, and a few Latin-1. What is valid UTF-8 is taken for it.
 */
export function secretOfHeader(text: string): string {
  if (!/[\u0080-\u00FF]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/**
 * SHA-256 of a secret: enough for 256 random bits, and of one length whatever the length of the secret.
 *
 * Of its normal form NFC: keyboards and systems compose accented letters differently (PA8).
 */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret.normalize('NFC'), 'buffer');
}

/** Compares a secret with a hash; the time it takes depends on neither (PA2). */
export function isSecretOf(secret: string, secretHash: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(secret), secretHash);
}
