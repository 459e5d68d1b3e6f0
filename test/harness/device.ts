import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type DevicePayloadVersion, devicePayload } from '../../src/protocol/index.ts';
import type { ConnectOverrides } from './connect-params.ts';
import { connectParams } from './connect-params.ts';

/** A device with a key of its own, as clients have one. */
export interface Device {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  /** The signature of a text, base64url. */
  sign(text: string): string;
}

/** Makes a device with a new key. */
export function newDevice(): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = rawKey(publicKey);
  return {
    id: createHash('sha256').update(raw).digest('hex'),
    publicKey: raw.toString('base64url'),
    privateKeyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKeyPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
    sign: (text) => signText(privateKey, text),
  };
}

/** Input of a signature beside the params. */
export interface Signing {
  readonly device: Device;
  readonly nonce: string;
  readonly signedAt: number;
  /** `v3` by default. */
  readonly version?: DevicePayloadVersion;
}

/** Params of `connect` with the identity of a device, signed as clients sign. */
export function signedConnectParams(
  signing: Signing,
  overrides: ConnectOverrides = {},
): Record<string, unknown> {
  const { device, nonce, signedAt, version = 'v3' } = signing;
  const params = connectParams(overrides);
  const client = params['client'] as Readonly<Record<string, string | undefined>>;
  const auth = params['auth'] as { token?: string } | undefined;
  const text = devicePayload(version, {
    deviceId: device.id,
    clientId: client['id'] ?? '',
    clientMode: client['mode'] ?? '',
    role: String(params['role']),
    scopes: params['scopes'] as string[],
    signedAtMs: signedAt,
    token: auth?.token ?? '',
    nonce,
    platform: client['platform'] ?? '',
    deviceFamily: client['deviceFamily'] ?? '',
  });
  const { id, publicKey } = device;
  return { ...params, device: { id, publicKey, signature: device.sign(text), signedAt, nonce } };
}

/** The Ed25519 signature of a text, base64url. */
export function signText(privateKey: KeyObject | string, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url');
}

/** The 32 bytes of a public key, base64url, from its PEM. */
export function rawPublicKey(publicKey: KeyObject): string {
  return rawKey(publicKey).toString('base64url');
}

function rawKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}
