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
import { ok, type Result, refused } from './result.ts';

/**
 * Reads one line that an earlier run stored; `undefined` when there is none.
 *
 * A file that other users can read, and a link, are refused, not used. `what` names the content in errors: `token`.
 */
export function readStoredLine(file: string, what: string): Result<string | undefined> {
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ok(undefined) : refused(`cannot read the ${what} file ${file}: ${message}`);
  }
  try {
    return readOpenFile(file, handle, what);
  } finally {
    closeSync(handle);
  }
}

/**
 * Stores one line that only its owner can read (0600), and returns what the file then holds.
 *
 * The file appears whole or not at all, and one that another process made meanwhile stays: both then use that one.
 */
export function storeLine(file: string, what: string, line: string): Result<string> {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    writeDraft(draft, line);
    linkSync(draft, file);
    return ok(line);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return refused(`cannot keep the ${what} in ${file}: ${message}`);
    const other = readStoredLine(file, what);
    if (!other.ok) return other;
    return other.value === undefined
      ? refused(`the ${what} file ${file} disappeared: try again`)
      : ok(other.value);
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOpenFile(file: string, handle: number, what: string): Result<string> {
  const { mode } = fstatSync(handle);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    return refused(
      `the ${what} file ${file} can be read by other users (mode ${octal}). Delete it to get a new ${what}, or run: chmod 600 '${file}'`,
    );
  }
  const line = readFileSync(handle, 'utf8').trim();
  if (/^\S{16,256}$/.test(line)) return ok(line);
  return refused(`the ${what} file ${file} does not hold a ${what}. Delete it to get a new one`);
}

function writeDraft(draft: string, line: string): void {
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(handle, `${line}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
