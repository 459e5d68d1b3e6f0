import { describe, expect, it } from 'vitest';
import { createFormats } from './formats.ts';
import { modelName } from './model-names.ts';
import { platformName } from './platform-names.ts';

describe('ages', () => {
  it.each([
    ['en', ['now', '8s ago', '1m ago', '3h ago', '2d ago']],
    ['de', ['jetzt', 'vor 8 Sek.', 'vor 1 Min.', 'vor 3 Std.', 'vor 2 Tagen']],
    ['fr', ['maintenant', 'il y a 8 s', 'il y a 1 min', 'il y a 3 h', 'il y a 2 j']],
    ['ja', ['今', '8秒前', '1分前', '3時間前', '2日前']],
    ['ko', ['지금', '8초 전', '1분 전', '3시간 전', '2일 전']],
  ])('in %s', (locale, texts) => {
    const { age } = createFormats(locale);
    const plain = (text: string): string => text.replaceAll(/\s/g, ' ');
    expect([999, 8_900, 119_000, 3 * 3_600_000, 2 * 86_400_000].map((ms) => plain(age(ms)))).toEqual(texts);
  });
});

it('writes bytes and shares for people', () => {
  const { bytes, percent } = createFormats('en');
  expect([0, 999, 1_500, 34_359_738_368].map(bytes)).toEqual(['0 byte', '999 byte', '1.5 kB', '34 GB']);
  expect(percent(0.414)).toBe('41%');
});

it.each([
  ['macos 15.1', 'macOS 15.1'],
  ['darwin 24.1.0', 'macOS 15'],
  ['darwin 25.0.0', 'macOS 26'],
  ['linux 6.18.4', 'Linux 6.18.4'],
  ['win32 10.0.22631', 'Windows 11 (22631)'],
  ['win32 10.0.19045', 'Windows 10 (19045)'],
  ['iOS 18.1', 'iOS 18.1'],
  ['Plan 9', 'Plan 9'],
  ['web', 'Web'],
])('the platform %s is %s', (said, shown) => {
  expect(platformName(said)).toBe(shown);
});

it.each([
  ['Mac15,6', 'MacBook Pro 14″ (M3)'],
  ['Mac16,1', 'MacBook Pro 14″ (M4)'],
  ['Mac16,10', 'Mac mini (M4)'],
  ['iPhone17,1', 'iPhone 16 Pro'],
  ['Mac99,1', 'Mac99,1'],
  ['constructor', 'constructor'],
  ['x86_64', 'x86_64'],
])('the model %s is %s', (said, shown) => {
  expect(modelName(said)).toBe(shown);
});
