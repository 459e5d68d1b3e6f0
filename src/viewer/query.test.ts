import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryCases, queryNowMs, queryRows } from '../../test/harness/query-cases.ts';
import { createMatcher, foldText, matches, parseQuery, queryOfChoices, readQuery } from './query.ts';
import { queryFields } from './query-fields.ts';
import { englishWords } from './words.ts';

const found = (text: string): string => {
  const query = parseQuery(text);
  if (!query.ok) throw new Error(query.error.message);
  return queryRows
    .filter((row) => matches(query.value, row, { nowMs: queryNowMs, words: englishWords }))
    .map(({ key }) => key)
    .join(' ');
};

describe('queries', () => {
  it.each(queryCases)('[PQ1] %j finds %j', (text, keys) => {
    expect(found(text)).toBe(keys);
  });

  it.each([
    ['state:away', 0, 'state: must be one of online, reporting, idle, stale, disconnected, unreachable'],
    ['mac  host:', 5, 'host: needs a value'],
    ['"basement', 0, 'the quote has no end'],
    ['x tag:"a', 2, 'the quote has no end'],
    ['last-input:5', 0, 'last-input: needs a duration such as >5m or <=2h'],
    ['tag:,', 0, 'tag: needs a value'],
  ])('[PQ1] %j is wrong at %i: %s', (text, at, message) => {
    expect(parseQuery(text)).toEqual({ ok: false, error: { message, at } });
  });

  it('[PQ1] one that is being typed is read as far as it goes', () => {
    const { query, error } = readQuery('mode:ui host:');
    expect(error?.at).toBe(8);
    expect(query.terms).toHaveLength(1);
  });

  it('[PQ1] finds the words under which the viewer shows a row, beside the codes', () => {
    const words = { ...englishWords, states: { ...englishWords.states, disconnected: 'Getrennt' } };
    const fits = createMatcher({ words, shown: ({ key }) => (key === 'mac' ? ['MacBook Pro'] : []) });
    const keys = (text: string): readonly string[] =>
      queryRows.filter((row) => fits(readQuery(text).query, row, queryNowMs)).map(({ key }) => key);
    expect(keys('getrennt')).toEqual(['left']);
    expect(keys('disconnected')).toEqual(['left']);
    expect(keys('"macbook pro"')).toEqual(['mac']);
  });

  it('[PQ1] any text is a query or a fault inside it, and a negation finds the other rows', () => {
    const part = fc.constantFrom('a', '"', '\\', ':', ',', '-', ' ', 'host:', 'tag:', '>5m', 'İ', 'ß', '*');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const parsed = parseQuery(text);
        if (!parsed.ok) {
          expect(parsed.error.at).toBeLessThan(text.length);
          return;
        }
        const [term] = parsed.value.terms;
        if (parsed.value.terms.length !== 1 || term === undefined) return;
        const fits = (negated: boolean) =>
          queryRows.map((row) => matches({ terms: [{ ...term, negated }] }, row, { nowMs: queryNowMs }));
        expect(fits(true)).toEqual(fits(false).map((fit) => !fit));
      }),
    );
  });

  it('[PQ1] a row is read once for each field and once for all words, however many terms there are', () => {
    let reads = 0;
    const row = {
      ...{ key: 'desk', ts: queryNowMs },
      get host(): string {
        reads += 1;
        return 'h'.repeat(256);
      },
    };
    const fits = (text: string): boolean => matches(readQuery(text).query, row, { nowMs: queryNowMs });
    expect([fits('host:h '.repeat(36)), reads]).toEqual([true, 1]);
    expect([fits('h '.repeat(128)), reads]).toEqual([true, 2]);
  });

  it('[PQ1] choices are alternatives within a field, and no field is guessed', () => {
    const query = queryOfChoices({ mode: ['UI ', 'node'], state: ['online'] });
    const keys = queryRows.filter((row) => matches(query, row, { nowMs: queryNowMs })).map(({ key }) => key);
    expect(keys).toEqual(['mac']);
    expect(() => queryOfChoices({ colour: ['red'] })).toThrow(TypeError);
  });
});

describe('docs/query.md', () => {
  it('[PQ1] names every field', () => {
    const text = readFileSync(new URL('../../docs/query.md', import.meta.url), 'utf8');
    const names = queryFields.flatMap((field) => field.names);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('folded text', () => {
  it('[PQ2] is the same for texts that read the same, and folding it again changes nothing', () => {
    for (const [a, b] of [
      ['Zoë', 'zoe\u0308'],
      ['한국', '\u1112\u1161\u11ab\u1100\u116e\u11a8'],
      ['ﬁle', 'FILE'],
      ['ΟΔΟΣ', 'οδος'],
      ['Straße', 'STRASSE'],
    ] as const) {
      expect(foldText(a)).toBe(foldText(b));
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });
});
