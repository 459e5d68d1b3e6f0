import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Descriptors that the shell hands to a process, as in `--token-file <(pass show token)`: their other end is open already. */
const inheritedDescriptor = /^\/(dev\/(stdin$|fd\/)|proc\/self\/fd\/)/;

/**
 * The text of a file that a setting or a flag names (PL9).
 *
 * @throws the error of the system, or `TypeError` for what is not a regular file: opening a pipe without a writer would block
 * the process.
 */
export function readTextFile(file: string): string {
  return inheritedDescriptor.test(file) ? readFileSync(file, 'utf8') : readRegular(file).text;
}

/**
 * The text of a file that only its owner may read or write; `undefined` when there is none.
 *
 * @param name what the file is, for errors: `the tokens file`.
 * @throws `TypeError` that names the file and states what to do.
 */
export function readPrivateFile(file: string, name: string): string | undefined {
  let read: { readonly text: string; readonly mode: number };
  try {
    read = readRegular(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new TypeError(`cannot read ${name} ${file}: ${message}`);
  }
  if (process.platform === 'win32' || (read.mode & 0o077) === 0) return read.text;
  const octal = (read.mode & 0o777).toString(8).padStart(4, '0');
  throw new TypeError(`${name} ${file} is open to other users (mode ${octal}): run chmod 600 '${file}'`);
}

function readRegular(file: string): { readonly text: string; readonly mode: number } {
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw new TypeError('it is not a regular file');
    return { text: readFileSync(handle, 'utf8'), mode: stats.mode };
  } finally {
    closeSync(handle);
  }
}
