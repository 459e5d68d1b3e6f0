import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { ok, type Result } from '../../core/index.ts';
import {
  type Connect,
  type ConnectDevice,
  devicePayload,
  LIMITS,
  refusal,
  type WireError,
} from '../../protocol/index.ts';

/** What a signature is checked against. */
export interface DeviceChallenge {
  /** Nonce of the challenge that this socket was sent. */
  readonly nonce: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: number;
  /** How far `signedAt` may be off, either way; 120 000 by default. */
  readonly skewMs?: number;
}

/**
 * Verifies the device identity of a handshake (PA3).
 *
 * Checks in the order of the existing gateways: key, id, time, nonce, signature; v3 first, then v2. A v1 signature, which
 * does not cover the nonce, is refused.
 *
 * @returns the id of the device, lower-case hex SHA-256 of its key; `undefined` when the client claims none.
 */
export function verifyDevice(
  connect: Connect,
  challenge: DeviceChallenge,
): Result<string | undefined, WireError> {
  const { device } = connect;
  if (device === undefined) return ok(undefined);
  const rawKey = rawPublicKey(device.publicKey);
  if (rawKey === undefined) return refused('devicePublicKeyInvalid');
  if (hash('sha256', rawKey, 'hex') !== device.id) return refused('deviceIdMismatch');
  const { nonce, nowMs, skewMs = LIMITS.signatureSkewMs } = challenge;
  if (Math.abs(nowMs - device.signedAt) > skewMs) return refused('deviceSignatureExpired');
  if (device.nonce === '') return refused('deviceNonceRequired');
  if (device.nonce !== nonce) return refused('deviceNonceMismatch');
  return isSigned(device, rawKey) ? ok(device.id) : refused('deviceSignatureInvalid');
}

function isSigned(device: ConnectDevice, rawKey: Buffer): boolean {
  const signature = Buffer.from(device.signature, 'base64url');
  if (signature.length !== 64) return false;
  const key = publicKeyOf(rawKey);
  return (['v3', 'v2'] as const).some((version) =>
    verify(null, Buffer.from(devicePayload(version, device.signed), 'utf8'), key, signature),
  );
}

const base64 = /^[\w+/-]+={0,2}$/;

/** The 32 bytes of the key; Node's base64url decoder also takes the standard alphabet. */
function rawPublicKey(text: string): Buffer | undefined {
  const raw = base64.test(text) ? Buffer.from(text, 'base64url') : undefined;
  return raw?.length === 32 ? raw : undefined;
}

function publicKeyOf(raw: Buffer): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function refused(
  name:
    | 'devicePublicKeyInvalid'
    | 'deviceIdMismatch'
    | 'deviceSignatureExpired'
    | 'deviceNonceRequired'
    | 'deviceNonceMismatch'
    | 'deviceSignatureInvalid',
): Result<never, WireError> {
  return { ok: false, error: refusal(name) };
}
