import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Result, refused, success } from './result.ts';
import { ensureStateFolder } from './state-folder.ts';

/** The token that the gateway made for itself. */
export interface KeptToken {
  readonly token: string;
  /** The file that keeps it. */
  readonly file: string;
  /** True at the run that made it: the only one that may show it. */
  readonly generated: boolean;
}

/** The file that keeps the generated token. */
export function gatewayTokenFile(folder: string): string {
  return join(folder, 'gateway-token');
}

/**
 * The generated token: that of the last start, else a new one of 256 random bits (PA1).
 *
 * The file appears whole or not at all and is readable by its owner only (0600); of two gateways that start at once both use
 * the same token. A file that others can read is refused, not used.
 */
export function obtainGatewayToken(folder: string): Result<KeptToken> {
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const kept = readGatewayToken(folder);
  if (!kept.ok) return kept;
  if (kept.value !== undefined) return success(kept.value);
  return keepToken(folder, randomBytes(32).toString('base64url'));
}

/** The token of an earlier start, or `undefined` when there was none. */
export function readGatewayToken(folder: string): Result<KeptToken | undefined> {
  const file = gatewayTokenFile(folder);
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? success(undefined) : refused(`cannot read the token file ${file}: ${message}`);
  }
  try {
    return readOpenFile(file, handle);
  } finally {
    closeSync(handle);
  }
}

function readOpenFile(file: string, handle: number): Result<KeptToken> {
  const { mode } = fstatSync(handle);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    return refused(
      `the token file ${file} can be read by other users (mode ${octal}). Delete it to get a new token, or run: chmod 600 '${file}'`,
    );
  }
  const token = readFileSync(handle, 'utf8').trim();
  if (!/^\S{16,}$/.test(token)) {
    return refused(`the token file ${file} does not hold a token. Delete it to get a new one`);
  }
  return success({ token, file, generated: false });
}

/** Writes beside and links into place: a link never replaces a token that another process made meanwhile. */
function keepToken(folder: string, token: string): Result<KeptToken> {
  const file = gatewayTokenFile(folder);
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    writeDraft(draft, token);
    linkSync(draft, file);
    return success({ token, file, generated: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return refused(`cannot keep the token in ${file}: ${message}`);
    const other = readGatewayToken(folder);
    return other.ok && other.value === undefined
      ? refused(`the token file ${file} vanished while it was read: try again`)
      : (other as Result<KeptToken>);
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(draft: string, token: string): void {
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(handle, `${token}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
