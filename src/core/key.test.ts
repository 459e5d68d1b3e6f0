import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presenceKey, textKey } from './key.ts';

describe('presenceKey', () => {
  it('[PK1] trims and lower-cases', () => {
    expect(presenceKey('  MacBook-A \t')).toBe('macbook-a');
  });

  it.each([undefined, '', '   ', '\t\n'])('[PK1] %j is no key', (blank) => {
    expect(presenceKey(blank)).toBeUndefined();
  });

  it('[PK1] makes the same key of every spelling, and of a key itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (identifier) => {
        const key = presenceKey(identifier);
        expect(presenceKey(` ${identifier}\n`)).toBe(key);
        expect(presenceKey(key)).toBe(key);
      }),
    );
  });
});

describe('textKey', () => {
  it('[PK3] is the first 64 characters of the text, as a key', () => {
    expect(textKey(`  ${'A'.repeat(64)}rest`)).toBe('a'.repeat(64));
    expect(textKey(`${'b'.repeat(63)} rest`)).toBe('b'.repeat(63));
  });

  it('[PK3] never cuts a character in two', () => {
    expect(textKey(`${'x'.repeat(63)}😀rest`)).toBe(`${'x'.repeat(63)}😀`);
    expect(textKey('😀'.repeat(70))).toBe('😀'.repeat(64));
  });

  it('[PK1] blank text is no key', () => {
    expect(textKey('  ')).toBeUndefined();
    expect(textKey(undefined)).toBeUndefined();
  });
});
