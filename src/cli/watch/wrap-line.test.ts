import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { sizeText } from './size-text.ts';
import { wrapLine } from './wrap-line.ts';

describe('wrapLine', () => {
  it.each([
    ['', 5, ['']],
    ['one two three', 8, ['one two', 'three']],
    ['abcdefgh ij', 4, ['abcd', 'efgh', 'ij']],
    ['東京都', 4, ['東京', '都']],
  ])('%j at %i', (text, width, lines) => {
    expect(wrapLine(text, width)).toEqual(lines);
  });

  it('loses nothing but blanks, and no line is too wide', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 8, max: 30 }),
        (text, width) => {
          const lines = wrapLine(text, width);
          expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
          for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

it.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1536, '1.5 KiB'],
  [2 ** 40 * 200, '200 TiB'],
])('sizeText(%i)', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
