import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxOffenders } from '../gateway/access/auth-lockout.ts';
import { maxTokens } from '../gateway/access/named-token.ts';
import { limitNames } from '../gateway/gateway-limits.ts';
import { LIMITS } from '../protocol/index.ts';
import { flagOf, settings } from './settings.ts';

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|'));

describe('docs/limits.md', () => {
  it.each([...limitNames, 'maxEntries', 'ttlMs'] as const)('has %s with its default and flag', (name) => {
    const [row] = rows.filter((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(`| \`${name}\` | ${settings[name].default} | \`${flagOf(name)}\` |`);
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

  it('has no row for a setting that does not exist', () => {
    const named = rows.flatMap((line) => /^\| `(\w+)` \|/.exec(line)?.[1] ?? []);
    expect(named.filter((name) => !(name in settings))).toEqual([]);
  });
});
