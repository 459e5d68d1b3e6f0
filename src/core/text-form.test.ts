import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import { comparableText, presenceKey, textKey, visibleText } from './text-form.ts';

describe('visibleText', () => {
  it.each([
    ['  desk ', 'desk'],
    ['\u202edesk\u202c', 'desk'],
    ['de\u200bsk', 'desk'],
    ['de\u200dsk', 'desk'],
    ['\u2066\u2069', ''],
    ['\u3164', ''],
    ['\u2800\u2800', ''],
    ['\ufe0f', ''],
    [' \u200d\ufe0e ', ''],
    ['\u200c\u200d', ''],
    ['\u{e0067}x', 'x'],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467} home', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} home'],
    ['\u2764\ufe0f', '\u2764\ufe0f'],
    ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['Bu\u0308ro', 'Bu\u0308ro'],
  ])('[PF2] of %j is %j', (text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });
});

describe('comparableText', () => {
  it.each([
    ['zo\u00eb', 'zoe\u0308'],
    ['\ud55c\uad6d', '\u1112\u1161\u11ab\u1100\u116e\u11a8'],
    ['Gate\u200bWay', 'gateway'],
    ['gate\u00adway', 'gateway'],
    ['g\ufe0fateway', 'gateway'],
    ['\u{e0001}gateway', 'gateway'],
  ])('[PK1] %j and %j are one', (a, b) => {
    expect(comparableText(a)).toBe(comparableText(b));
  });

  it('[PK1] is a form: applying it again changes nothing, and normal forms of a text have one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const form = comparableText(text);
        expect(comparableText(form)).toBe(form);
        expect(comparableText(text.normalize('NFD'))).toBe(comparableText(text.normalize('NFC')));
        expect(comparableText(visibleText(text))).toBe(form);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('presenceKey', () => {
  it('[PK1] trims and lower-cases', () => {
    expect(presenceKey('  MacBook-A \t')).toBe('macbook-a');
  });

  it.each([undefined, '', '   ', '\t\n'])('[PK1] %j is no key', (blank) => {
    expect(presenceKey(blank)).toBeUndefined();
  });

  it('[PK1] makes the same key of every spelling, and of a key itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (identifier) => {
        const key = presenceKey(identifier);
        expect(presenceKey(` ${identifier}\n`)).toBe(key);
        expect(presenceKey(key)).toBe(key);
      }),
    );
  });
});

describe('textKey', () => {
  it('[PK3] is the first 64 characters of the text, as a key', () => {
    expect(textKey(`  ${'A'.repeat(64)}rest`)).toBe('a'.repeat(64));
    expect(textKey(`${'b'.repeat(63)} rest`)).toBe('b'.repeat(63));
  });

  it('[PK3] never cuts a character in two', () => {
    expect(textKey(`${'x'.repeat(63)}😀rest`)).toBe(`${'x'.repeat(63)}😀`);
    expect(textKey('😀'.repeat(70))).toBe('😀'.repeat(64));
  });

  it('[PK1] blank text is no key', () => {
    expect(textKey('  ')).toBeUndefined();
    expect(textKey(undefined)).toBeUndefined();
  });
});
