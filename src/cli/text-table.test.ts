import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Column, layTable } from './text-table.ts';

type Row = readonly string[];

const columns: readonly Column<Row>[] = [
  { title: 'A', cell: ([a = '']) => a, dropRank: 0 },
  { title: 'B', cell: ([, b = '']) => b, dropRank: 0, minWidth: 4 },
  { title: 'C', cell: ([, , c = '']) => c, dropRank: 1 },
];

const lay = (rows: readonly Row[], width?: number): string => layTable({ columns, rows, width });

describe('a table for people', () => {
  it('aligns columns, wide characters too', () => {
    expect(
      lay([
        ['1', '東京', 'x'],
        ['22', 'b', 'y'],
      ]),
    ).toBe('A   B     C\n1   東京  x\n22  b     y');
  });

  it('leaves out a column in which every cell is empty', () => {
    expect(lay([['1', 'b', '']])).toBe('A  B\n1  b');
  });

  it('drops columns, then cuts cells, to fit a narrow terminal', () => {
    const rows = [['1', 'abcdefgh', 'x']];
    expect(lay(rows, 14)).toBe('A  B         C\n1  abcdefgh  x');
    expect(lay(rows, 12)).toBe('A  B       C\n1  abcde…  x');
    expect(lay(rows, 9)).toBe('A  B\n1  abcde…');
    expect(lay(rows, 7)).toBe('A  B\n1  abc…');
    expect(lay(rows, 5)).toBe('A  B\n1  a…');
  });

  it('uses short cells where the columns that are never dropped would not fit', () => {
    const [a, ...others] = columns;
    const wordy = [{ ...a, cell: () => 'many words', shortCell: () => 'few' }, ...others] as typeof columns;
    const rows = [['', 'bcdefgh', 'x']];
    const layWordy = (width?: number): string => layTable({ columns: wordy, rows, width });
    expect(layWordy()).toBe('A           B        C\nmany words  bcdefgh  x');
    expect(layWordy(16)).toBe('A           B\nmany words  bcd…');
    expect(layWordy(15)).toBe('A    B        C\nfew  bcdefgh  x');
    expect(layWordy(6)).toBe('A    B\nfew  …');
  });

  it('is never wider than the terminal when its cells can be cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constant('1'), fc.string({ unit: 'grapheme' }), fc.string())),
        fc.integer({ min: 4, max: 60 }),
        (rows, width) => {
          const printable = rows.map((row) => row.map((cell) => cell.replace(/\p{C}|\p{Z}/gu, '.')));
          for (const line of lay(printable, width).split('\n'))
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
