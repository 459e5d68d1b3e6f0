import { describe, expect, it } from 'vitest';
import { maxTokens, newTokensProblem, tokensProblem } from './named-token.ts';

const token = { name: 'wall', tokenHash: 'a'.repeat(64), roles: ['operator'], scopes: ['operator.read'] };

describe('a list of named tokens', () => {
  it.each([
    [[]],
    [[token]],
    [[{ ...token, name: 'a.b-c@d_1' }]],
    [[{ ...token, roles: ['operator', 'node'], scopes: [], createdAtMs: 1 }]],
    [[{ name: 'x', tokenFile: '/run/secret', roles: ['node'], scopes: [] }]],
  ])('[PA2] is taken: %j', (tokens) => {
    expect(tokensProblem(tokens)).toBeUndefined();
  });

  it.each([
    ['no list', {}, /^tokens must be a list$/],
    ['too many', Array(maxTokens + 1).fill(token), /^at most 1000 tokens/],
    ['no object', [1], /^token 1: at \//],
    ['no name', [{ ...token, name: undefined }], /^token 1: at \/name/],
    ['a name with blanks', [{ ...token, name: 'a b' }], /^token 1: at \/name/],
    ['a name that the gateway uses', [{ ...token, name: 'Token' }], /name Token is taken/],
    ['a name twice, in any case', [token, { ...token, name: 'WALL' }], /^token 2: there is another token/],
    ['a secret in place of its hash', [{ ...token, tokenHash: 'my-secret' }], /^token 1: at \/tokenHash/],
    ['hash and file', [{ ...token, tokenFile: '/x' }], /^token 1: at \/tokenHash: is not known/],
    ['an unknown role', [{ ...token, roles: ['admin'] }], /^token 1: at \/roles: must be operator, node/],
    ['no role', [{ ...token, roles: [] }], /^token 1: at \/roles/],
    ['a strange scope', [{ ...token, scopes: ['Operator Read'] }], /^token 1: at \/scopes\/0/],
    ['an unknown key', [{ ...token, scope: [] }], /^token 1: at \/scope: is not known/],
  ])('[PA2] is refused: %s', (_, tokens, expected) => {
    const problem = tokensProblem(tokens);
    expect(problem).toMatch(expected);
    expect(problem).not.toContain('my-secret');
  });

  it.each([
    ['operator.raed', 'token 1: unknown scope operator.raed (did you mean operator.read?)'],
    ['everything', 'token 1: unknown scope everything, not one of operator.read, operator.write'],
  ])('[PA2] [F11] is refused where it is written when a scope is unknown: %s', (scope, expected) => {
    const tokens = [{ ...token, scopes: ['operator.read', scope] }];
    expect(newTokensProblem(tokens)).toContain(expected);
    expect(tokensProblem(tokens)).toBeUndefined();
  });
});
