import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { DeviceIdentity } from '../device-identity.ts';
import type { KeyValueStore } from '../store.ts';

/** The name under which a store keeps the private key, PKCS #8 in PEM. */
const deviceKeyName = 'deviceKey';

/**
 * The Ed25519 identity that `store` keeps, made the first time.
 *
 * Rejects when the store fails or holds no Ed25519 key: an identity that cannot be kept would make a new device at every
 * start.
 */
export async function loadDeviceIdentity(store: KeyValueStore): Promise<DeviceIdentity> {
  const kept = await store.get(deviceKeyName);
  if (kept !== undefined) return identityOf(createPrivateKey(kept));
  const { privateKey } = generateKeyPairSync('ed25519');
  await store.set(deviceKeyName, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  return identityOf(privateKey);
}

function identityOf(privateKey: KeyObject): DeviceIdentity {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${deviceKeyName} is no Ed25519 key`);
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    deviceId: hash('sha256', Buffer.from(x, 'base64url'), 'hex'),
    publicKey: x,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}
