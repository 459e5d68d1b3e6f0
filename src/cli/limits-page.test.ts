import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIELD_BOUNDS, fields } from '../core/index.ts';
import { maxOffenders } from '../gateway/access/auth-lockout.ts';
import { maxTokens } from '../gateway/access/named-token.ts';
import { settingNames, settingOf } from '../gateway/settings.ts';
import { LIMITS } from '../protocol/index.ts';
import { limitRows } from './settings-document.ts';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|'));

describe('docs/limits.md', () => {
  // After a change of the table: npx vitest run src/cli/limits-page --update
  it('has the limits of the table of settings', async () => {
    const renewed = page.replace(/(?:^\| `\w+` \|.*\n)+/m, () => `${limitRows()}\n`);
    await expect(renewed).toMatchFileSnapshot('../../docs/limits.md');
  });

  it.each([
    ['message before the handshake', LIMITS.maxPreauthPayloadBytes],
    ['id, host, address, version and other words', LIMITS.maxWordLength],
    ['text', LIMITS.maxTextLength],
    ['roles, scopes, tags', LIMITS.maxListItems],
    ['calls above the own role', LIMITS.maxUnauthorizedCalls],
    ['time of a device signature', LIMITS.signatureSkewMs],
    ['named tokens', maxTokens],
    ['addresses remembered for the lockout', maxOffenders],
  ])('has the fixed limit of %s', (name, value) => {
    expect(rows.find((line) => line.startsWith(`| ${name} |`))).toMatch(new RegExp(`\\| ${value}\\b`));
  });
});

/** Bytes of a formula such as `maxConnections` + 1000 × 64 KiB; sums bind closer than products, as in the table. */
function bytesOf(formula: string, settings: Readonly<Record<string, unknown>>): number {
  const term = (text: string): number => {
    const [, name, amount, unit] = /^(?:`(\w+)`|(\d+)(?: ([KM]iB))?)$/.exec(text) ?? [];
    if (name !== undefined) return Number(settings[name]);
    return Number(amount) * (unit === 'KiB' ? 1_024 : unit === 'MiB' ? 1_048_576 : 1);
  };
  const factors = formula
    .split(' × ')
    .map((factor) => factor.split(' + ').reduce((sum, text) => sum + term(text), 0));
  return factors.reduce((product, factor) => product * factor, 1);
}

describe('[PL6] the worst case in docs/limits.md', () => {
  const [, section = ''] = page.split('## The worst case');
  const cells = section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| what'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
  const held = cells.slice(0, -1);
  const byDefault = Object.fromEntries(settingNames.map((name) => [name, settingOf(name).default]));
  const [, flags = ''] = /with\s+`(--max-connections [^`]+)`/.exec(section) ?? [];
  const given = Object.fromEntries(
    [...flags.matchAll(/--([\w-]+) (\d+)/g)].map(([, flag = '', value]) => [
      flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      Number(value),
    ]),
  );

  it.each(held)('%s: %s', (_, formula = '', first, second) => {
    const mib = (settings: object): string => `${Math.ceil(bytesOf(formula, { ...settings }) / 1_048_576)}`;
    expect([mib(byDefault), mib({ ...byDefault, ...given })]).toEqual([first, second]);
  });

  it('adds up', () => {
    const sum = (column: number): string => `${held.reduce((total, row) => total + Number(row[column]), 0)}`;
    expect(cells.at(-1)).toEqual(['sum', '', sum(2), sum(3)]);
  });

  it('names every setting of bytes', () => {
    const ofBytes = settingNames.filter((name) => {
      const setting = settingOf(name);
      return 'unit' in setting && setting.unit === 'bytes';
    });
    for (const name of ofBytes.filter((name) => name !== 'maxPayloadBytes'))
      expect(section).toContain(`\`${name}\``);
  });

  it('takes rows as large as they can be, with the text that is sent of them', () => {
    const word = '\u00e9'.repeat(FIELD_BOUNDS.maxLength);
    const row = Object.entries(fields).map(([name, { type }]) => [
      name,
      type === 'strings'
        ? Array.from({ length: FIELD_BOUNDS.maxItems }, () => word)
        : type === 'integer'
          ? FIELD_BOUNDS.maxInteger
          : word,
    ]);
    const text = '\u00e9'.repeat(FIELD_BOUNDS.maxLineLength);
    const json = JSON.stringify({ ...Object.fromEntries(row), text });
    // Letters of two bytes: once as facts, once as the JSON of lists, in UTF-8.
    expect(2 * json.length + Buffer.byteLength(json)).toBeLessThan(128 * 1_024);
  });
});
