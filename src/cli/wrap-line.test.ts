import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { sizeText } from './text-format.ts';
import { hangLine, wrapLine } from './wrap-line.ts';

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

describe('hangLine', () => {
  it.each([
    ['  q  Ctrl+C   leave it now at once', 28, ['  q  Ctrl+C   leave it now', '              at once']],
    ['    plain words', 12, ['    plain', '    words']],
    ['  --a-very-long-flag <value>  says so', 24, ['  --a-very-long-flag', '    <value>  says so']],
    ['short', undefined, ['short']],
  ])('%j at %s hangs below its description', (line, width, lines) => {
    expect(hangLine(line, width)).toEqual(lines);
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
