import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdleProbe, MissingSource } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';

/** A folder with terminal devices and the names in it that are terminals of people. */
export interface TerminalFolder {
  readonly path: string;
  readonly names: RegExp;
}

const pseudoTerminals: TerminalFolder = { path: '/dev/pts', names: /^\d+$/ };
const virtualConsoles: TerminalFolder = { path: '/dev', names: /^tty\d+$/ };

/**
 * Where Linux keeps the terminals of a user: windows and ssh logins, and the consoles that a login gave to the user.
 *
 * Unused consoles belong to root, so they are not counted for root.
 */
export function linuxTerminals(uid: number): readonly TerminalFolder[] {
  return uid === 0 ? [pseudoTerminals] : [pseudoTerminals, virtualConsoles];
}

/** Options of `youngestTty`: whose terminals, the wall clock in milliseconds, and where terminals are. */
export interface TtyOptions {
  readonly uid: number;
  readonly wallMs: () => number;
  readonly folders?: readonly TerminalFolder[];
}

/**
 * Idle time of the terminals of a user: reading from a terminal renews its access time (as `w` and `who` use it).
 *
 * The last resort: it does not see what is typed into windows that are no terminals.
 */
export function youngestTty(options: TtyOptions): IdleProbe {
  const folders = options.folders ?? linuxTerminals(options.uid);
  const read = async (): Promise<number | MissingSource> => {
    const youngestMs = await youngestInputMs(folders, options.uid);
    if (youngestMs === undefined) return { missing: 'this user has no terminal open' };
    return wholeSeconds(options.wallMs() - youngestMs);
  };
  const idleSeconds = async (): Promise<number> => {
    const answer = await read();
    if (typeof answer === 'number') return answer;
    throw new Error(answer.missing);
  };
  const open: IdleProbe['open'] = async () => {
    const answer = await read();
    return typeof answer === 'number' ? { name: 'tty', idleSeconds, close: () => undefined } : answer;
  };
  return { name: 'tty', open };
}

async function youngestInputMs(folders: readonly TerminalFolder[], uid: number): Promise<number | undefined> {
  const perFolder = await Promise.all(folders.map((folder) => inputTimes(folder, uid)));
  const moments = perFolder.flat();
  return moments.length > 0 ? Math.max(...moments) : undefined;
}

async function inputTimes(folder: TerminalFolder, uid: number): Promise<readonly number[]> {
  const names = await readdir(folder.path).catch(() => []);
  const paths = names.filter((name) => folder.names.test(name)).map((name) => join(folder.path, name));
  const times = await Promise.all(paths.map((path) => inputTime(path, uid)));
  return times.filter((time) => time !== undefined);
}

async function inputTime(path: string, uid: number): Promise<number | undefined> {
  // A terminal can close between the listing and this call.
  const found = await stat(path).catch(() => undefined);
  return found?.uid === uid ? found.atimeMs : undefined;
}
