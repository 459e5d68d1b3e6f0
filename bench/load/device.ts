import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const ED25519_RAW_KEY_BYTES = 32;

/** What a device signs, beside its own id and time: the v3 text of OpenClaw gateways. */
export interface SignedConnect {
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly token: string;
  readonly nonce: string;
  readonly platform: string;
  readonly deviceFamily: string;
}

/** `connect.device` of a new device. */
export function newDevice(connect: SignedConnect): Readonly<Record<string, unknown>> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = rawKey(publicKey);
  const id = createHash('sha256').update(raw).digest('hex');
  const signedAt = Date.now();
  const signature = sign(null, Buffer.from(signedText(id, signedAt, connect)), privateKey).toString(
    'base64url',
  );
  return { id, publicKey: raw.toString('base64url'), signature, signedAt, nonce: connect.nonce };
}

function signedText(id: string, signedAt: number, connect: SignedConnect): string {
  const { clientId, clientMode, role, scopes, token, nonce, platform, deviceFamily } = connect;
  const parts = ['v3', id, clientId, clientMode, role, scopes.join(','), signedAt, token, nonce];
  return [...parts, platform.toLowerCase(), deviceFamily.toLowerCase()].join('|');
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-ED25519_RAW_KEY_BYTES);
}
