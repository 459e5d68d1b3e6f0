import { expect, it } from 'vitest';
import { authorityEntries } from './x11-connection.ts';

const entry = (family: number, ...fields: string[]): Buffer => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(family);
  const parts = fields.map((text) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  });
  return Buffer.concat([head, ...parts]);
};

const file = Buffer.concat([
  entry(256, 'desk', '0', 'MIT-MAGIC-COOKIE-1', 'abc'),
  entry(65_535, '', '', 'MIT-MAGIC-COOKIE-1', 'xyz'),
]);

it('reads the entries of an authority file', () => {
  expect(authorityEntries(file).map(({ family, host, data }) => [family, host, data.toString()])).toEqual([
    [256, 'desk', 'abc'],
    [65_535, '', 'xyz'],
  ]);
});

it('ignores a torn end, wherever it is torn', () => {
  for (let length = 0; length < file.length; length++) {
    expect(authorityEntries(file.subarray(0, length)).length).toBeLessThan(2);
  }
});
