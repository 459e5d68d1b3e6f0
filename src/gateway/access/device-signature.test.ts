import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { buildDeviceAuthPayload, buildDeviceAuthPayloadV3 } from '@openclaw/gateway-client';
import { describe, expect, it } from 'vitest';
import { type Connect, devicePayload, parseConnect } from '../../protocol/index.ts';
import { verifyDevice } from './device-signature.ts';

const nowMs = 1_795_251_783_911;
const nonce = '0b6b2f0e-7b3b-4d4e-9f43-0d8ef8f2d1aa';

interface Identity {
  readonly privateKey: KeyObject;
  readonly raw: Buffer;
  readonly id: string;
}

function newIdentity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { privateKey, raw, id: createHash('sha256').update(raw).digest('hex') };
}

const identity = newIdentity();

const client = {
  id: 'openclaw-control-ui',
  version: '1.2.3',
  platform: ' MacIntel ',
  deviceFamily: 'Mac',
  mode: 'webchat',
};

const signedParams = {
  deviceId: identity.id,
  clientId: client.id,
  clientMode: client.mode,
  role: 'operator',
  scopes: ['operator.read', 'operator.admin'],
  signedAtMs: nowMs,
  token: 'secret',
  nonce,
  platform: client.platform,
  deviceFamily: client.deviceFamily,
};

interface Claim {
  readonly payload?: string;
  readonly device?: Readonly<Record<string, unknown>>;
  readonly connect?: Readonly<Record<string, unknown>>;
  readonly encoding?: 'base64' | 'base64url';
}

function claim({ payload, device, connect, encoding = 'base64url' }: Claim = {}): Connect {
  const text = payload ?? buildDeviceAuthPayloadV3(signedParams);
  const signature = sign(null, Buffer.from(text, 'utf8'), identity.privateKey);
  const parsed = parseConnect({
    minProtocol: 3,
    maxProtocol: 4,
    client,
    role: 'operator',
    scopes: signedParams.scopes,
    auth: { token: 'secret' },
    device: {
      id: identity.id,
      publicKey: identity.raw.toString(encoding),
      signature: signature.toString(encoding),
      signedAt: nowMs,
      nonce,
      ...device,
    },
    ...connect,
  });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function detailOf(connect: Connect): unknown {
  const verified = verifyDevice(connect, { nonce, nowMs });
  return verified.ok ? 'verified' : verified.error.details?.['code'];
}

describe('verifyDevice', () => {
  it.each(['base64url', 'base64'] as const)(
    '[PA3] accepts a v3 signature of the reference client in %s',
    (encoding) => {
      expect(verifyDevice(claim({ encoding }), { nonce, nowMs })).toEqual({
        ok: true,
        value: identity.id,
      });
    },
  );

  it('[PA3] accepts a v2 signature of the reference client', () => {
    expect(detailOf(claim({ payload: buildDeviceAuthPayload(signedParams) }))).toBe('verified');
  });

  it('[PA3] covers texts as the client signed them, blanks included', () => {
    const odd = { ...signedParams, clientMode: ' UI ', scopes: [' operator.read'] };
    const connect = { client: { ...client, mode: ' UI ' }, scopes: [' operator.read'] };
    expect(detailOf(claim({ payload: buildDeviceAuthPayloadV3(odd), connect }))).toBe('verified');
  });

  it('[PA3] covers the device token when there is no token', () => {
    const payload = buildDeviceAuthPayload({ ...signedParams, token: 'device' });
    expect(detailOf(claim({ payload, connect: { auth: { deviceToken: 'device' } } }))).toBe('verified');
  });

  it('[PA3] a client without a device has no verified id', () => {
    const connect = claim({ connect: { device: undefined } });
    expect(verifyDevice(connect, { nonce, nowMs })).toEqual({ ok: true, value: undefined });
  });

  it('[PA3] refuses a v1 signature', () => {
    expect(detailOf(claim({ payload: devicePayload('v1', signedParams) }))).toBe(
      'DEVICE_AUTH_SIGNATURE_INVALID',
    );
  });

  it.each([
    ['token', { auth: { token: 'other' } }],
    ['scopes', { scopes: ['operator.admin', 'operator.read'] }],
    ['role', { role: 'node' }],
    ['client', { client: { ...client, id: 'other' } }],
    ['mode', { client: { ...client, mode: 'ui' } }],
    ['platform', { client: { ...client, platform: 'linux' } }],
  ])('[PA3] refuses a signature over another %s', (_, connect) => {
    expect(detailOf(claim({ connect }))).toBe('DEVICE_AUTH_SIGNATURE_INVALID');
  });

  it.each([
    ['key that is no base64', { publicKey: '!' }, 'DEVICE_AUTH_PUBLIC_KEY_INVALID'],
    ['key of the wrong length', { publicKey: 'AAAA' }, 'DEVICE_AUTH_PUBLIC_KEY_INVALID'],
    ['id of another key', { id: newIdentity().id }, 'DEVICE_AUTH_DEVICE_ID_MISMATCH'],
    ['id in capitals', { id: identity.id.toUpperCase() }, 'DEVICE_AUTH_DEVICE_ID_MISMATCH'],
    ['time too early', { signedAt: nowMs - 120_001 }, 'DEVICE_AUTH_SIGNATURE_EXPIRED'],
    ['time too late', { signedAt: nowMs + 120_001 }, 'DEVICE_AUTH_SIGNATURE_EXPIRED'],
    ['blank nonce', { nonce: ' ' }, 'DEVICE_AUTH_NONCE_REQUIRED'],
    ['absent nonce', { nonce: undefined }, 'DEVICE_AUTH_NONCE_REQUIRED'],
    ['nonce of another socket', { nonce: 'other' }, 'DEVICE_AUTH_NONCE_MISMATCH'],
    ['signature of the wrong length', { signature: 'AAAA' }, 'DEVICE_AUTH_SIGNATURE_INVALID'],
    ['time that was not signed', { signedAt: nowMs + 1 }, 'DEVICE_AUTH_SIGNATURE_INVALID'],
  ])('[PA3] refuses a %s', (_, device, code) => {
    expect(detailOf(claim({ device }))).toBe(code);
  });

  it('[PA3] a key that is no point of the curve is refused, not thrown', () => {
    const raw = Buffer.alloc(32, 0xff);
    const id = createHash('sha256').update(raw).digest('hex');
    expect(detailOf(claim({ device: { id, publicKey: raw.toString('base64url') } }))).toBe(
      'DEVICE_AUTH_SIGNATURE_INVALID',
    );
  });

  it('[PA3] the allowed skew is configurable', () => {
    const connect = claim();
    expect(verifyDevice(connect, { nonce, nowMs: nowMs + 2_000, skewMs: 1_000 }).ok).toBe(false);
    expect(verifyDevice(connect, { nonce, nowMs: nowMs + 120_000 }).ok).toBe(true);
  });
});
