import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientText, clientValue, quoted } from './client-text.ts';

describe('texts of others', () => {
  it.each([
    ['Anna’s Mac 東京', 'Anna’s Mac 東京'],
    ['a\nb\u001b[2J', 'a\\u{a}b\\u{1b}[2J'],
    ['pay\u202elive', 'pay\\u{202e}live'],
    ['a\u200bb\u{e0041}\u2028', 'a\\u{200b}b\\u{e0041}\\u{2028}'],
    ['👩\u200d💻 می\u200cخواهم ❤\ufe0f', '👩\u200d💻 می\u200cخواهم ❤\ufe0f'],
    ['x\u200d\u200cy', 'x\\u{200d}\\u{200c}y'],
    ['\ud800', '\\u{d800}'],
  ])('[PM4] %j is shown as %j', (text, shown) => {
    expect(clientText(text)).toBe(shown);
  });

  it('[PM4] is cut at 200 characters and marked as cut', () => {
    expect(clientText('界'.repeat(1_024))).toBe(`${'界'.repeat(200)}… (cut, 1024 characters)`);
    expect(clientValue({ a: ['b\n'], n: 1, none: null })).toEqual({ a: ['b\\u{a}'], n: 1, none: null });
  });

  it('[PM4] nothing inside quotes ends them, breaks the line or cannot be seen', () => {
    const part = fc.constantFrom('"', '\\', '\n', '\u202e', '\u200d', 'a', '界', ' ', '\u0000', '\ufe0f');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          const line = quoted(text);
          expect(line).toMatch(/^"(?:[^"\\]|\\.)*"$/u);
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b]/u);
          expect(Array.from(line).length).toBeLessThan(200 * 12 + 40);
        },
      ),
    );
  });
});
