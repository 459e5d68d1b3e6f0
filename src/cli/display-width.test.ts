import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['camera-3', 8],
    ['● online', 8],
    ['日本', 4],
    ['한글', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['1\u20e3', 2],
    ['©', 1],
    ['\u200b', 0],
    ['ｶﾞ', 2],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it('equals the result of string-width for each character', () => {
    const differing: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += code < 0x20000 ? 1 : 251) {
      const character = String.fromCodePoint(code);
      // Escape sequences are removed before a text is measured.
      if (code === 0x1b || code === 0x9b) continue;
      if (displayWidth(character) !== stringWidth(character)) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  it('equals the result of string-width for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme-composite' }),
      fc.string({
        unit: fc.constantFrom('a', '日', '\u200d', '\ufe0f', '👩', '❤', '🏽', 'ﾞ', 'ा', '\u0301', '한'),
      }),
    );
    const isSame = fc.property(text, (value) => {
      expect(displayWidth(value)).toBe(stringWidth(value));
    });
    fc.assert(isSame, { numRuns: 2_000 });
  });
});
