import { describe, expect, it } from 'vitest';
import { CAPABILITIES, EVENTS, grantScopes, grantsRead, grantsWrite, isRole } from './method.ts';

describe('scopes', () => {
  it('[PA4] write and admin include read', () => {
    expect(['operator.read', 'operator.write', 'operator.admin'].every((scope) => grantsRead([scope]))).toBe(
      true,
    );
    expect(grantsRead(['operator.pairing', 'read', 'constructor'])).toBe(false);
    expect(grantsRead([])).toBe(false);
  });

  it('[PA5] admin includes write, read does not', () => {
    expect(grantsWrite(['operator.write'])).toBe(true);
    expect(grantsWrite(['operator.admin'])).toBe(true);
    expect(grantsWrite(['operator.read'])).toBe(false);
  });

  it('[PA2] granted is what is requested and allowed', () => {
    const asked = ['operator.read', 'operator.write', 'operator.pairing'];
    expect(grantScopes(asked, ['operator.admin'])).toEqual(asked);
    expect(grantScopes(asked, ['operator.write'])).toEqual(['operator.read', 'operator.write']);
    expect(grantScopes(asked, ['operator.read', 'operator.pairing'])).toEqual([
      'operator.read',
      'operator.pairing',
    ]);
    expect(grantScopes(['operator.admin'], ['operator.write'])).toEqual([]);
    expect(grantScopes(asked, [])).toEqual([]);
  });
});

describe('features', () => {
  it('[PW9] hello lists every event and capability', () => {
    expect(EVENTS).toEqual(['connect.challenge', 'presence', 'presence.delta', 'notice', 'tick', 'shutdown']);
    expect(CAPABILITIES).toEqual(['presence-delta', 'notices']);
  });

  it('[PW10] there are two roles', () => {
    expect(['operator', 'node', 'admin', ''].filter(isRole)).toEqual(['operator', 'node']);
  });
});
