import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceIdentity } from '../client/index.ts';

/** The identity of an agent, kept over restarts. */
export interface AgentIdentity {
  readonly instanceId: string;
  readonly device: DeviceIdentity;
}

/** Options of `loadAgentIdentity`. */
export interface IdentityOptions {
  /** The state folder of Rollcall; made when it is missing, readable by its owner only. */
  readonly folder: string;
  /** Makes the instanceId of a new identity. */
  readonly newId: () => string;
}

/** The identity file exists and cannot be used. The message says what to do. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
}

/**
 * The identity of this user's agent on this machine; made at the first call.
 *
 * One file `agent.json` (0600) holds instanceId and Ed25519 key, so that they appear and vanish together; of two agents that
 * start at once both get the same. Throws an IdentityError when the file is damaged: a new identity is never made silently,
 * because it would leave a superseded row at the gateway.
 */
export async function loadAgentIdentity(options: IdentityOptions): Promise<AgentIdentity> {
  const file = join(options.folder, 'agent.json');
  const kept = await readIfPresent(file);
  if (kept !== undefined) return parseIdentity(kept, file);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await createWhole(file, newIdentityText(options.newId()));
  return parseIdentity(await readFile(file, 'utf8'), file);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new IdentityError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

function newIdentityText(instanceId: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const deviceKey = privateKey.export({ format: 'pem', type: 'pkcs8' });
  return `${JSON.stringify({ instanceId, deviceKey }, undefined, 2)}\n`;
}

/** Writes beside and links into place: the file is whole or absent, and never replaces that of another agent. */
async function createWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    await handle
      .writeFile(text)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST'))
      throw new IdentityError(`cannot write ${file}: ${(error as Error).message}`);
  } finally {
    await rm(draft, { force: true });
  }
}

function parseIdentity(text: string, file: string): AgentIdentity {
  try {
    const { instanceId, deviceKey } = JSON.parse(text) as Record<string, unknown>;
    if (typeof instanceId !== 'string' || instanceId.trim() === '') throw new Error('no instanceId');
    if (typeof deviceKey !== 'string') throw new Error('no deviceKey');
    return { instanceId, device: deviceIdentity(createPrivateKey(deviceKey)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new IdentityError(
      `${file} is damaged (${reason}). Restore it from a backup, or delete it: the agent then appears as a new instance`,
    );
  }
}

function deviceIdentity(privateKey: KeyObject): DeviceIdentity {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('deviceKey is no Ed25519 key');
  const { x: publicKey = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    deviceId: hash('sha256', Buffer.from(publicKey, 'base64url'), 'hex'),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
