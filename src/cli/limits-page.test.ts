import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxOffenders } from '../gateway/access/auth-lockout.ts';
import { maxTokens } from '../gateway/access/named-token.ts';
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
