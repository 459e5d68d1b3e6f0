import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadDeviceIdentity as loadByWebCrypto } from './device-identity.ts';
import { loadDeviceIdentity as loadByNode } from './node/device-identity.ts';
import { memoryStore } from './store.ts';

describe.each([
  ['WebCrypto', loadByWebCrypto],
  ['node:crypto', loadByNode],
])('device identity by %s', (_, load) => {
  it('[PA3] names the hash of its key and signs what the key verifies', async () => {
    const identity = await load(memoryStore());
    const raw = Buffer.from(identity.publicKey, 'base64url');
    expect(raw).toHaveLength(32);
    expect(identity.publicKey).toMatch(/^[\w-]{43}$/);
    expect(identity.deviceId).toBe(createHash('sha256').update(raw).digest('hex'));
    const signature = await identity.sign('v3|naïve');
    expect(signature).toMatch(/^[\w-]{86}$/);
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: identity.publicKey },
      format: 'jwk',
    });
    expect(verify(null, Buffer.from('v3|naïve'), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('is the same in every run that has the store', async () => {
    const store = memoryStore();
    const first = await load(store);
    expect((await load(store)).deviceId).toBe(first.deviceId);
    expect((await load(memoryStore())).deviceId).not.toBe(first.deviceId);
  });

  it('fails rather than create an identity that cannot be stored', async () => {
    const store = { get: () => undefined, set: () => Promise.reject(new Error('disk full')) };
    await expect(load(store)).rejects.toThrow('disk full');
  });
});
