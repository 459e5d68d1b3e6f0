import { ConnectParamsSchema as StrictConnectSchema } from '@openclaw/gateway-protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Connect, factsOfConnect, negotiateProtocol, parseConnect } from './connect.ts';
import { schemaCheck } from './schema-check.ts';

const client = { id: 'third-party', version: '1.0', platform: 'linux', mode: 'kiosk' };
const minimal = { minProtocol: 3, maxProtocol: 4, client };

function accepted(params: unknown): Connect {
  const parsed = parseConnect(params);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function refusedMessage(params: unknown): string | undefined {
  const parsed = parseConnect(params);
  if (parsed.ok) return undefined;
  expect(parsed.error).toMatchObject({ code: 'INVALID_REQUEST', closeCode: 1008, retryable: false });
  return parsed.error.message;
}

describe('parseConnect', () => {
  it('[PW4] takes any client id and mode; the rest is optional', () => {
    expect(accepted(minimal)).toEqual({ ...minimal, role: 'operator', scopes: [], caps: [] });
  });

  it('[PW4] ignores unknown fields', () => {
    const params = {
      ...minimal,
      client: { ...client, buildId: 'b', extra: [1] },
      locale: 'en-US',
      userAgent: 'x',
      commands: ['a'],
      permissions: { camera: true },
      future: { deep: [] },
    };
    expect(accepted(params)).toEqual(accepted(minimal));
  });

  it('[PF2] trims every word; blank ones count as absent', () => {
    const connect = accepted({
      ...minimal,
      client: { ...client, id: ' third-party ', displayName: ' Anna ', instanceId: '  ', timeZone: '' },
      role: ' node ',
      scopes: [' operator.read ', '', 'operator.read'],
      auth: { token: '', password: ' keep blanks ' },
    });
    expect(connect.client).toEqual({ ...client, displayName: 'Anna' });
    expect(connect).toMatchObject({ role: 'node', scopes: ['operator.read'] });
    expect(connect.auth).toEqual({ password: ' keep blanks ' });
  });

  it('[PW4] a blank role is the default role', () => {
    expect(accepted({ ...minimal, role: ' ' }).role).toBe('operator');
    expect(accepted({ ...minimal, auth: { token: ' ' } }).auth).toBeUndefined();
  });

  it.each([
    [undefined, '/: must be object'],
    [null, '/: must be object'],
    [[], '/: must be object'],
    [{}, '/minProtocol: is required'],
    [{ ...minimal, minProtocol: '3' }, '/minProtocol: must be integer'],
    [{ ...minimal, maxProtocol: 4.5 }, '/maxProtocol: must be integer'],
    [{ ...minimal, maxProtocol: Number.POSITIVE_INFINITY }, '/maxProtocol: must be integer'],
    [{ ...minimal, client: null }, '/client: must be object'],
    [{ ...minimal, client: { ...client, id: 7 } }, '/client/id: must be string'],
    [{ ...minimal, client: { ...client, id: ' ' } }, '/client/id: must not be blank'],
    [{ ...minimal, client: { ...client, mode: undefined } }, '/client/mode: '],
    [{ ...minimal, client: { ...client, displayName: null } }, '/client/displayName: must be string'],
    [{ ...minimal, client: { ...client, displayName: 'a\u0007b' } }, '/client/displayName: must not contain'],
    [{ ...minimal, client: { ...client, instanceId: 'x'.repeat(257) } }, '/client/instanceId: must '],
    [{ ...minimal, client: { ...client, instanceId: `e${'\u0301'.repeat(256)}` } }, '/client/instanceId: '],
    [{ ...minimal, role: 1 }, '/role: must be string'],
    [{ ...minimal, scopes: 'operator.read' }, '/scopes: must be array'],
    [{ ...minimal, scopes: ['a', 7] }, '/scopes/1: must be string'],
    [{ ...minimal, scopes: ['a', 'b\u0000'] }, '/scopes/1: must not contain control characters'],
    [{ ...minimal, scopes: Array.from({ length: 33 }, String) }, '/scopes: must not have more than 32 items'],
    [{ ...minimal, caps: [{}] }, '/caps/0: must be string'],
    [{ ...minimal, auth: { token: 7 } }, '/auth/token: must be string'],
    [{ ...minimal, device: { id: 'x' } }, '/device/publicKey: is required'],
    [
      { ...minimal, device: { id: 'x', publicKey: 'k', signature: 's', signedAt: 'now', nonce: 'n' } },
      '/device/signedAt: must be integer',
    ],
  ])('[PW4] refuses %j naming the field', (params, message) => {
    expect(refusedMessage(params)).toContain(`invalid connect params: at ${message}`);
  });

  it('[PL4] takes words of 256 characters', () => {
    const instanceId = 'x'.repeat(256);
    expect(accepted({ ...minimal, client: { ...client, instanceId } }).client.instanceId).toBe(instanceId);
  });

  it('[PA3] keeps what a device signed exactly as sent', () => {
    const device = { id: ' d ', publicKey: 'k', signature: 's', signedAt: 5, nonce: ' n ' };
    const connect = accepted({ ...minimal, scopes: [' b', 'a'], device, auth: { bootstrapToken: 't' } });
    expect(connect.device).toMatchObject({ id: 'd', nonce: 'n' });
    expect(connect.device?.signed).toEqual({
      deviceId: ' d ',
      clientId: 'third-party',
      clientMode: 'kiosk',
      role: 'operator',
      scopes: [' b', 'a'],
      signedAtMs: 5,
      token: 't',
      nonce: ' n ',
      platform: 'linux',
      deviceFamily: '',
    });
  });

  it('[PW10] never throws, whatever the params', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (params, part, value) => {
        parseConnect(params);
        parseConnect({ ...minimal, client: part, auth: value });
        parseConnect({ ...minimal, client: { ...client, displayName: value }, device: part });
      }),
    );
  });
});

describe('factsOfConnect', () => {
  it('[PF3] the host is the display name, else the client id', () => {
    expect(factsOfConnect(accepted(minimal)).host).toBe('third-party');
    const named = accepted({ ...minimal, client: { ...client, displayName: 'Anna' } });
    expect(factsOfConnect(named).host).toBe('Anna');
  });

  it('[PA3] only a verified device id is a fact; roles, scopes and reason are not set by the client', () => {
    const device = { id: 'claimed', publicKey: 'k', signature: 's', signedAt: 5, nonce: 'n' };
    const connect = accepted({ ...minimal, scopes: ['a'], device, client: { ...client, instanceId: 'I' } });
    const facts = { host: 'third-party', version: '1.0', platform: 'linux', mode: 'kiosk', instanceId: 'I' };
    expect(factsOfConnect(connect)).toEqual(facts);
    expect(factsOfConnect(connect, 'abc')).toEqual({ ...facts, deviceId: 'abc' });
  });
});

describe('negotiateProtocol', () => {
  it.each([
    [3, 3, 3],
    [3, 4, 4],
    [4, 4, 4],
    [1, 99, 4],
    [1, 3, 3],
    [5, 7, undefined],
    [1, 2, undefined],
    [4, 3, undefined],
  ])('[PW3] %i..%i gives %s', (min, max, expected) => {
    expect(negotiateProtocol(min, max)).toBe(expected);
  });
});

describe('connect of existing clients', () => {
  const device = { id: 'd'.repeat(64), publicKey: 'k'.repeat(43), signature: 's'.repeat(86), signedAt: 5 };

  it.each([
    ['CLI', { client: { ...client, id: 'cli', mode: 'cli', instanceId: 'i' }, scopes: ['operator.read'] }],
    [
      'node host',
      {
        minProtocol: 4,
        client: { ...client, id: 'node-host', mode: 'node', displayName: 'NodeA', deviceFamily: 'Linux' },
        role: 'node',
        scopes: [],
        caps: ['system', 'browser'],
        commands: ['system.run', 'system.which'],
        permissions: { screen: true },
        pathEnv: '/usr/bin',
        device: { ...device, nonce: 'n' },
      },
    ],
    [
      'Control UI',
      {
        client: { ...client, id: 'openclaw-control-ui', mode: 'webchat', buildId: 'b', timeZone: 'UTC' },
        role: 'operator',
        scopes: ['operator.admin', 'operator.approvals', 'operator.pairing'],
        auth: { token: 's', password: 's' },
        device: { ...device, nonce: 'n' },
        locale: 'en-US',
        userAgent: 'Mozilla/5.0',
      },
    ],
  ])('[PW4] the %s of the field passes the strict schema and ours', (_, part) => {
    const params = { ...minimal, ...part };
    expect(schemaCheck(StrictConnectSchema)({ ...params, client: { ...params.client } })).toBeUndefined();
    expect(accepted(params).client.id).toBe(params.client.id);
  });
});
