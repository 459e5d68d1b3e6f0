import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityError, loadAgentIdentity } from './state.ts';

let parent: string;
let folder: string;
let made: number;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'rollcall-state-'));
  folder = join(parent, 'state', 'rollcall');
  made = 0;
});
afterEach(() => rm(parent, { recursive: true }));

const load = () => loadAgentIdentity({ folder, newId: () => `id-${++made}` });

describe('loadAgentIdentity', () => {
  it('[PK6] is the same at every start', async () => {
    const first = await load();
    const second = await load();
    expect(second.instanceId).toBe('id-1');
    expect(second.device.deviceId).toBe(first.device.deviceId);
  });

  it('keeps the key from everybody else', async () => {
    await load();
    expect((await stat(join(folder, 'agent.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(['agent.json']);
  });

  it('gives agents that start together one identity', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, load));
    expect(new Set(all.map(({ instanceId }) => instanceId)).size).toBe(1);
    expect(new Set(all.map(({ device }) => device.deviceId)).size).toBe(1);
    expect(await readdir(folder)).toEqual(['agent.json']);
  });

  it('[PA3] signs what the public key verifies, and its device id is the hash of the key', async () => {
    const { device } = await load();
    const raw = Buffer.from(device.publicKey, 'base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: device.publicKey }, format: 'jwk' });
    const signature = Buffer.from(await device.sign('v3|text'), 'base64url');
    expect(verify(null, Buffer.from('v3|text'), key, signature)).toBe(true);
    expect(device.deviceId).toBe(createHash('sha256').update(raw).digest('hex'));
  });

  it.each([
    '',
    '{',
    '{}',
    '{"instanceId":"a"}',
    '{"instanceId":" ","deviceKey":"x"}',
    '{"instanceId":"a","deviceKey":"x"}',
  ])('refuses the damaged file %j and leaves it alone', async (text) => {
    await load();
    const file = join(folder, 'agent.json');
    await writeFile(file, text);
    await expect(load()).rejects.toThrow(IdentityError);
    await expect(load()).rejects.toThrow('is damaged');
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('names the folder that it cannot write', async () => {
    await writeFile(join(parent, 'state'), '');
    await expect(load()).rejects.toThrow(join(parent, 'state'));
  });
});
