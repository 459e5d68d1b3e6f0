import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSecret, isSecretOf, secretOfHeader, secretProblem } from './secret-text.ts';

/** The bytes that a client sends, as Node reads a header. */
const asHeader = (secret: string, encoding: BufferEncoding): string =>
  Buffer.from(secret, encoding).toString('latin1');

describe('[PA8] secrets in any script', () => {
  it('are the same by HTTP header as by WebSocket', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (secret) => {
        fc.pre(secretProblem(secret) === undefined);
        expect(secretOfHeader(asHeader(secret, 'utf8'))).toBe(secret);
      }),
    );
  });

  it('are read from a header in Latin-1 too', () => {
    expect(secretOfHeader(asHeader('Schlüssel', 'latin1'))).toBe('Schlüssel');
  });

  it('are compared in one normal form: a composed and a decomposed letter are one', () => {
    expect(isSecretOf('Schlu\u0308ssel', hashSecret('Schl\u00fcssel'))).toBe(true);
    expect(isSecretOf('Schlussel', hashSecret('Schl\u00fcssel'))).toBe(false);
  });

  it.each([
    ['', 'is blank'],
    [' x', 'begins or ends with a blank'],
    ['x\u00a0', 'begins or ends with a blank'],
    ['a\u0000b', 'control character'],
    ['a\nb', 'control character'],
    ['a\ufffdb', 'not valid UTF-8'],
    ['a\ud800', 'not valid UTF-8'],
  ])('are refused when no header can carry them: %j', (secret, reason) => {
    expect(secretProblem(secret)).toContain(reason);
  });

  it.each(['пароль-1234567890', 'two words', '密码', '🔑🔑', 'a=b;c,"d"'])('are fine: %s', (secret) => {
    expect(secretProblem(secret)).toBeUndefined();
  });
});
