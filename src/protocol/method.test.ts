import { describe, expect, it } from 'vitest';
import { authorizeMethod, CAPABILITIES, EVENTS, isRole, METHODS } from './method.ts';
import { grantScopes, grantsRead, grantsWrite } from './scope.ts';

const readers = ['status', 'config.get', 'system-presence', 'presence.list', 'node.list'];
const pairLists = ['node.pair.list', 'device.pair.list'];

describe('methods', () => {
  it('[PW9] hello lists every method, event and capability', () => {
    expect([...METHODS].sort()).toEqual(
      [...readers, ...pairLists, 'health', 'node.event', 'presence.activity', 'system-event'].sort(),
    );
    expect(EVENTS).toEqual(['connect.challenge', 'presence', 'presence.delta', 'tick', 'shutdown']);
    expect(CAPABILITIES).toEqual(['presence-delta']);
  });

  it.each(['nonsense', 'constructor', '__proto__', '', 'Health'])('[PW9] %j is an unknown method', (name) => {
    expect(authorizeMethod(name, 'operator', ['operator.admin'])).toMatchObject({
      code: 'INVALID_REQUEST',
      message: `unknown method: ${name}`,
    });
  });

  it('[PW10] connect is only valid as the first request', () => {
    const message = 'connect is only valid as the first request';
    expect(authorizeMethod('connect', 'operator', [])?.message).toBe(message);
  });

  it.each(readers)('[PA4] %s needs operator.read', (method) => {
    expect(authorizeMethod(method, 'operator', [])).toMatchObject({
      code: 'FORBIDDEN',
      details: { code: 'MISSING_SCOPE', missingScope: 'operator.read' },
    });
    for (const scope of ['operator.read', 'operator.write', 'operator.admin']) {
      expect(authorizeMethod(method, 'operator', ['other', scope])).toBeUndefined();
    }
    expect(authorizeMethod(method, 'operator', ['operator.pairing'])).toBeDefined();
  });

  it.each(pairLists)('[PW9] every operator may call %s, whatever OpenClaw asks for it', (method) => {
    for (const scopes of [[], ['operator.read'], ['operator.pairing']]) {
      expect(authorizeMethod(method, 'operator', scopes)).toBeUndefined();
    }
  });

  it('[PA5] everyone may beacon and ask for health', () => {
    for (const role of ['operator', 'node']) {
      expect(authorizeMethod('system-event', role, [])).toBeUndefined();
      expect(authorizeMethod('health', role, [])).toBeUndefined();
    }
  });

  it('[PA5] a node calls node methods only, whatever its scopes', () => {
    expect(authorizeMethod('node.event', 'node', [])).toBeUndefined();
    for (const method of [...readers, ...pairLists, 'presence.activity']) {
      const error = authorizeMethod(method, 'node', ['operator.admin']);
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', message: 'unauthorized role: node' });
    }
  });

  it('[PA5] an operator does not speak for a node', () => {
    const error = authorizeMethod('node.event', 'operator', ['operator.admin']);
    expect(error?.message).toBe('unauthorized role: operator');
  });

  it('[PW10] there are two roles', () => {
    expect(['operator', 'node', 'admin', ''].filter(isRole)).toEqual(['operator', 'node']);
  });
});

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

  it('[PA2] granted is what is asked for and allowed', () => {
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
