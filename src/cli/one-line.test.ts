import { expect, it } from 'vitest';
import { oneLine } from './one-line.ts';

it.each([
  ['two\nlines', 'two lines'],
  ['red \u001b[31m alert \u0007', 'red [31m alert'],
  ['\u202eevil\u2069', 'evil'],
  ['csi \u009b31m', 'csi 31m'],
  ['x'.repeat(400), `${'x'.repeat(299)}…`],
])('makes one harmless line of %j', (text, line) => {
  expect(oneLine(text)).toBe(line);
});
