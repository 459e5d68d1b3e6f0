import { createPrivateKey } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { DeviceIdentity, KeyValueStore } from '../../client/index.ts';
import { loadDeviceIdentity } from '../../client/node/index.ts';
import { err, ok, type Result } from '../../core/index.ts';
import { readPrivateFile, replaceFile } from '../../host/index.ts';
import type { UpstreamCredentials } from './upstream-config.ts';
import { problemOf, type UpstreamProblem } from './upstream-problem.ts';

/** The credentials of a handshake. */
export interface Secrets {
  readonly token?: string;
  readonly password?: string;
  readonly device?: DeviceIdentity;
  /** Granted to the device by the gateway at an earlier handshake. */
  readonly deviceToken?: string;
}

/** Reads the files that a configuration names; at every attempt, so that a secret can be replaced while we run (PU12). */
export async function readSecrets(config: UpstreamCredentials): Promise<Result<Secrets, UpstreamProblem>> {
  try {
    const { tokenFile, passwordFile, device, openclaw } = config;
    const identity = device === undefined ? undefined : await readDeviceFile(device);
    return ok({
      ...(tokenFile !== undefined && { token: readSecretLine(tokenFile) }),
      ...(passwordFile !== undefined && { password: readSecretLine(passwordFile) }),
      ...(openclaw !== undefined && readOpenClawFile(openclaw)),
      ...identity,
    });
  } catch (error) {
    return err(problemOf('SECRET_FILE', (error as Error).message));
  }
}

/** The one line of a file that only its owner may read. The error states what to do, and never the content. */
function readSecretLine(file: string): string {
  const line = readSecretFile(file).trim();
  if (line === '' || /[\r\n]/.test(line)) throw new Error(`the secret file ${file} must hold one line`);
  return line;
}

function readSecretFile(file: string): string {
  const text = readPrivateFile(file, 'the secret file');
  if (text === undefined) throw new Error(`cannot read the secret file ${file}: no such file`);
  return text;
}

/** The secret of an OpenClaw gateway in its configuration, which is JSON, possibly with comments and trailing commas. */
function readOpenClawFile(file: string): Pick<Secrets, 'token' | 'password'> {
  const text = readSecretFile(file);
  const { mode, token, password } = authOf(text, file);
  if (typeof token === 'string' && mode !== 'password') return { token };
  if (typeof password === 'string') return { password };
  throw new Error(
    `${file} holds no gateway.auth.token: write it to a file of mode 0600 and name that as tokenFile`,
  );
}

function authOf(text: string, file: string): { mode?: unknown; token?: unknown; password?: unknown } {
  try {
    const { gateway } = JSON.parse(withoutComments(text)) as { gateway?: { auth?: object } };
    return gateway?.auth ?? {};
  } catch {
    throw new Error(`${file} cannot be read as JSON: write the token to a file and name that as tokenFile`);
  }
}

/** Removes comments, and commas before a closing bracket; strings stay as they are. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g,
    (_, quoted: string | undefined) => quoted ?? '',
  );
}

/** What a device file holds: JSON with a private key in PEM and, once it was granted, a token. */
interface DeviceFile {
  readonly deviceKey: string;
  readonly deviceToken?: string;
}

async function readDeviceFile(file: string): Promise<Pick<Secrets, 'device' | 'deviceToken'>> {
  const { deviceKey, deviceToken } = parseDeviceFile(file);
  const device = await loadDeviceIdentity({ get: () => deviceKey, set: () => undefined });
  return { device, ...(deviceToken !== undefined && { deviceToken }) };
}

function parseDeviceFile(file: string): DeviceFile {
  const text = readSecretFile(file);
  try {
    const { deviceKey, deviceToken } = JSON.parse(text) as Record<string, unknown>;
    if (typeof deviceKey !== 'string') throw new Error('no deviceKey');
    if (createPrivateKey(deviceKey).asymmetricKeyType !== 'ed25519') throw new Error('no Ed25519 key');
    return { deviceKey, ...(typeof deviceToken === 'string' && { deviceToken }) };
  } catch {
    throw new Error(`the device file ${file} is damaged: remove it and run rollcall upstream add again`);
  }
}

/** Creates a device file (0600) when it is missing; an existing one stays. Rejects when it cannot be written. */
export async function makeDeviceFile(file: string): Promise<void> {
  const values = new Map<string, string>();
  const store: KeyValueStore = {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
  };
  await loadDeviceIdentity(store);
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (handle === undefined) return;
  await handle.writeFile(`${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`);
  await handle.close();
}

/** True when a device file holds a token that a gateway granted. Rejects when the file cannot be used. */
export async function holdsDeviceToken(file: string): Promise<boolean> {
  return (await parseDeviceFile(file)).deviceToken !== undefined;
}

/** Stores the token that a gateway granted to the device, or removes it; the file changes whole or not at all. */
export async function keepDeviceToken(file: string, deviceToken: string | undefined): Promise<void> {
  const { deviceKey, deviceToken: before } = parseDeviceFile(file);
  if (before === deviceToken) return;
  const values = { deviceKey, ...(deviceToken !== undefined && { deviceToken }) };
  replaceFile(file, `${JSON.stringify(values, undefined, 2)}\n`);
}
