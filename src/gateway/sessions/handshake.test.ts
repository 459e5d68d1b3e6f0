import { describe, expect, it } from 'vitest';
import { type ConnectOverrides, connectParams } from '../../../test/harness/connect-params.ts';
import { newDevice, signedConnectParams } from '../../../test/harness/device.ts';
import { refusal } from '../../protocol/index.ts';
import type { Peer } from '../transport.ts';
import { checkConnect, type HandshakeRules } from './handshake.ts';

const nowMs = 1_795_251_783_911;
const request = { peer: {} as Peer, nonce: 'nonce-1', nowMs };
const device = newDevice();

interface Policy {
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly origin?: boolean;
  readonly credential?: boolean;
}

function rules(policy: Policy = {}): HandshakeRules {
  const {
    roles = ['operator', 'node'],
    scopes = ['operator.admin'],
    origin = true,
    credential = true,
  } = policy;
  return {
    authenticate: () =>
      credential
        ? { ok: true, value: { name: 'test', roles, scopes } }
        : { ok: false, error: refusal('tokenMismatch') },
    isOriginAllowed: () => origin,
  };
}

function refusedBy(params: unknown, policy: Policy = {}): unknown {
  const checked = checkConnect(params, request, rules(policy));
  return checked.ok ? 'admitted' : (checked.error.details?.['code'] ?? checked.error.message);
}

function admitted(overrides: ConnectOverrides = {}, policy: Policy = {}) {
  const checked = checkConnect(connectParams(overrides), request, rules(policy));
  if (!checked.ok) throw new Error(checked.error.message);
  return checked.value;
}

describe('checkConnect', () => {
  it('[PW10] checks schema, protocol, role, origin, device, credential, in this order', () => {
    const allBad = connectParams({
      client: { id: 5 },
      minProtocol: 9,
      maxProtocol: 9,
      role: 'admin',
      device: { id: 'x', publicKey: '!', signature: 'x', signedAt: 0, nonce: 'x' },
    });
    const noGate = { origin: false, credential: false };
    expect(refusedBy(allBad, noGate)).toMatch(/^invalid connect params: at \/client\/id/);
    const typed = { ...allBad, client: connectParams()['client'] };
    expect(refusedBy(typed, noGate)).toBe('PROTOCOL_MISMATCH');
    const spoken = { ...typed, minProtocol: 3, maxProtocol: 4 };
    expect(refusedBy(spoken, noGate)).toBe('invalid role');
    const operator = { ...spoken, role: 'operator' };
    expect(refusedBy(operator, noGate)).toBe('CONTROL_UI_ORIGIN_NOT_ALLOWED');
    expect(refusedBy(operator, { credential: false })).toBe('DEVICE_AUTH_PUBLIC_KEY_INVALID');
    const signed = signedConnectParams({ device, nonce: 'nonce-1', signedAt: nowMs });
    expect(refusedBy(signed, { credential: false })).toBe('AUTH_TOKEN_MISMATCH');
    expect(refusedBy(signed)).toBe('admitted');
  });

  it('[PA2] grants requested ∩ allowed', () => {
    const scopes = ['operator.read', 'operator.write', 'operator.pairing'];
    expect(admitted({ scopes }).scopes).toEqual(scopes);
    expect(admitted({ scopes }, { scopes: ['operator.read'] }).scopes).toEqual(['operator.read']);
    expect(admitted({ scopes: undefined }).scopes).toEqual([]);
  });

  it('[PA2] refuses a role that the credential is not for', () => {
    expect(refusedBy(connectParams({ role: 'node' }), { roles: ['operator'] })).toBe('ROLE_NOT_GRANTED');
    expect(admitted({ role: undefined }).role).toBe('operator');
  });

  it('[PA3] a device id is taken from a verified signature only', () => {
    expect(admitted().deviceId).toBeUndefined();
    const checked = checkConnect(
      signedConnectParams({ device, nonce: 'nonce-1', signedAt: nowMs }),
      request,
      rules(),
    );
    expect(checked).toMatchObject({ value: { deviceId: device.id, facts: { deviceId: device.id } } });
    expect(refusedBy(signedConnectParams({ device, nonce: 'nonce-2', signedAt: nowMs }))).toBe(
      'DEVICE_AUTH_NONCE_MISMATCH',
    );
  });

  it('[PE2] deltas are for who asks for them', () => {
    expect(admitted().wantsDeltas).toBe(false);
    expect(admitted({ caps: ['tool-events', 'presence-delta'] }).wantsDeltas).toBe(true);
  });
});
