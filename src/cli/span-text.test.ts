import { expect, it } from 'vitest';
import { spanText } from './span-text.ts';

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
