import { describe, expect, it } from 'vitest';
import { bearerSecret } from './bearer.ts';

/** A header as Node hands it over: its bytes read as Latin-1. */
const header = (secret: string, encoding: BufferEncoding): string =>
  Buffer.from(`Bearer ${secret}`, encoding).toString('latin1');

describe('the secret of an Authorization header', () => {
  it.each([
    ['ASCII', 'abc-123', 'utf8'],
    ['Latin letters as UTF-8', 'Schlüssel-Größe-1', 'utf8'],
    ['Latin letters as Latin-1', 'Schlüssel-Größe-1', 'latin1'],
    ['Cyrillic as UTF-8', 'пароль-1234567890', 'utf8'],
    ['an emoji as UTF-8', 'a🔑b', 'utf8'],
  ] as const)('[PA1] %s', (_, secret, encoding) => {
    expect(bearerSecret(header(secret, encoding))).toBe(secret);
  });

  it.each([undefined, '', 'Bearer', 'Bearer  ', 'Basic abc'])('[PA1] %j has none', (text) => {
    expect(bearerSecret(text)).toBeUndefined();
  });
});
