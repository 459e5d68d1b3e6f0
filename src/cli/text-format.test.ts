import { expect, it } from 'vitest';
import { oneLine, spanText } from './text-format.ts';

it.each([
  ['two\nlines', 'two lines'],
  ['red \u001b[31m alert \u0007', 'red [31m alert'],
  ['\u202eevil\u2069', 'evil'],
  ['csi \u009b31m', 'csi 31m'],
  ['x'.repeat(400), `${'x'.repeat(299)}…`],
])('makes one harmless line of %j', (text, line) => {
  expect(oneLine(text)).toBe(line);
});

it.each([
  [0, '0s'],
  [-3, '0s'],
  [8.9, '8s'],
  [60, '1m'],
  [260, '4m 20s'],
  [11_100, '3h 5m'],
  [172_800, '2d'],
  [180_000, '2d 2h'],
])('%d seconds is %s', (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});
