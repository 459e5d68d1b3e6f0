import { describe, expect, it } from 'vitest';
import type { ConnectAuth } from '../../protocol/index.ts';
import type { Authentication } from '../transport.ts';
import { type AuthOptions, checkCredentials, isWrongSecret } from './credentials.ts';
import { hashSecret } from './secret-text.ts';
import { TokenTable } from './token-table.ts';

const wall = {
  name: 'wall',
  tokenHash: hashSecret('wall-secret').toString('hex'),
  roles: ['operator'],
  scopes: ['operator.read'],
};
const camera = {
  ...wall,
  name: 'camera',
  tokenHash: hashSecret('camera-secret').toString('hex'),
  roles: ['node'],
};
const peer = { address: '192.0.2.1', origin: undefined, host: undefined };

function check(options: AuthOptions, auth: ConnectAuth | undefined, tokens = [wall, camera]): Authentication {
  return checkCredentials(options, new TokenTable(tokens))(auth, peer);
}

const token = { mode: 'token', token: 'shared-secret' } as const;
const password = { mode: 'password', password: 'open sesame' } as const;

function nameOf(authentication: Authentication): string {
  return authentication.ok ? authentication.value.name : String(authentication.error.details?.['code']);
}

describe('credentials', () => {
  it.each([
    [token, { token: 'shared-secret' }, 'token'],
    [token, { token: 'wall-secret' }, 'wall'],
    [token, { token: 'camera-secret' }, 'camera'],
    [token, { token: 'wall-secret', password: 'x' }, 'wall'],
    [token, { token: 'nobody' }, 'AUTH_TOKEN_MISMATCH'],
    [token, { token: 'shared-secret ' }, 'AUTH_TOKEN_MISMATCH'],
    [token, { token: wall.tokenHash }, 'AUTH_TOKEN_MISMATCH'],
    [token, { token: '' }, 'AUTH_TOKEN_MISSING'],
    [token, { password: 'shared-secret' }, 'AUTH_TOKEN_MISSING'],
    [token, undefined, 'AUTH_TOKEN_MISSING'],
    [password, { password: 'open sesame' }, 'password'],
    [password, { token: 'wall-secret' }, 'wall'],
    [password, { token: 'wall-secret', password: 'wrong' }, 'wall'],
    [password, { password: 'wrong' }, 'AUTH_PASSWORD_MISMATCH'],
    [password, { token: 'wrong' }, 'AUTH_TOKEN_MISMATCH'],
    [password, { token: 'open sesame' }, 'AUTH_TOKEN_MISMATCH'],
    [password, undefined, 'AUTH_PASSWORD_MISSING'],
    [{ mode: 'none' }, undefined, 'none'],
    [{ mode: 'none' }, { token: 'anything' }, 'none'],
  ] as const)('[PA1] [PA2] %j with %j is %s', (options, auth, expected) => {
    expect(nameOf(check(options, auth))).toBe(expected);
  });

  it('[PA2] a named token is good for its roles and scopes, the shared secret for everything', () => {
    expect(check(token, { token: 'wall-secret' })).toEqual({
      ok: true,
      value: { name: 'wall', roles: ['operator'], scopes: ['operator.read'] },
    });
    expect(check(token, { token: 'shared-secret' })).toEqual({
      ok: true,
      value: { name: 'token', roles: ['operator', 'node'], scopes: ['operator.admin'] },
    });
  });

  it('[PA1] without named tokens a password gateway requests the password from a client with a token', () => {
    expect(nameOf(check(password, { token: 'x' }, []))).toBe('AUTH_PASSWORD_MISSING');
  });

  it('[PA2] no refusal repeats what was sent', () => {
    for (const options of [token, password]) {
      const refused = check(options, { token: 'my-guess', password: 'my-guess' });
      expect(JSON.stringify(refused)).not.toContain('my-guess');
    }
  });

  it('[PA7] only a wrong secret counts as a guess', () => {
    const guess = check(token, { token: 'guess' });
    const nothing = check(token, undefined);
    expect(!guess.ok && isWrongSecret(guess.error)).toBe(true);
    expect(!nothing.ok && isWrongSecret(nothing.error)).toBe(false);
  });
});

describe('the table of tokens', () => {
  it('[PA2] returns which tokens a new list revokes: those that are gone or have other rights', () => {
    const table = new TokenTable([wall, camera]);
    expect(table.replace([wall, camera])).toEqual([]);
    expect(table.replace([camera, { ...wall, scopes: ['operator.write'] }])).toEqual(['wall']);
    expect(table.replace([{ ...camera, tokenHash: wall.tokenHash }])).toEqual(['camera', 'wall']);
    expect(table.find('camera-secret')).toBeUndefined();
    expect(table.find('wall-secret')?.name).toBe('camera');
    expect(table.replace([])).toEqual(['camera']);
    expect(table.find('wall-secret')).toBeUndefined();
  });
});
