import { toHex } from './instance-id.ts';
import type { KeyValueStore } from './store.ts';

/** A device's Ed25519 identity, able to sign a handshake (PA3). The private key never leaves it. */
export interface DeviceIdentity {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** Raw public key, base64url without padding. */
  readonly publicKey: string;
  /** Signs UTF-8 text; answers base64url without padding. */
  sign(text: string): string | Promise<string>;
}

/** The name under which a store keeps the private key, as a JSON Web Key. */
const deviceKeyName = 'deviceKey';

/**
 * The Ed25519 identity that `store` keeps, made the first time with WebCrypto.
 *
 * Rejects where there is no WebCrypto, which is in pages that came neither by https nor from localhost, in browsers
 * without Ed25519, and when the store fails. Node has its own in `rollcall/client/node`.
 */
export async function loadDeviceIdentity(store: KeyValueStore): Promise<DeviceIdentity> {
  const { subtle } = crypto;
  if (subtle === undefined)
    throw new Error('a device identity needs a page that came by https or from localhost');
  const kept = await store.get(deviceKeyName);
  const key = kept === undefined ? await createKey(subtle, store) : (JSON.parse(kept) as JsonWebKey);
  return identityOf(subtle, key);
}

async function createKey(subtle: SubtleCrypto, store: KeyValueStore): Promise<JsonWebKey> {
  const pair = (await subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])) as CryptoKeyPair;
  const key = await subtle.exportKey('jwk', pair.privateKey);
  await store.set(deviceKeyName, JSON.stringify(key));
  return key;
}

async function identityOf(subtle: SubtleCrypto, key: JsonWebKey): Promise<DeviceIdentity> {
  const privateKey = await subtle.importKey('jwk', key, { name: 'Ed25519' }, false, ['sign']);
  const publicKey = key.x ?? '';
  const digest = await subtle.digest('SHA-256', fromBase64Url(publicKey));
  return {
    deviceId: toHex(new Uint8Array(digest)),
    publicKey,
    sign: async (text) =>
      toBase64Url(await subtle.sign('Ed25519', privateKey, new TextEncoder().encode(text))),
  };
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toBase64Url(bytes: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
