import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ok, type Result, refused } from './result.ts';
import { ensureStateFolder } from './state-folder.ts';

/** A list that commands store in a file of the state folder, and how the file is parsed and written. */
export interface StoredList<T> {
  readonly file: string;
  /** What it is, for messages, for example `tokens file`. */
  readonly what: string;
  /** The commands that change it, for example `rollcall token`. */
  readonly command: string;
  /** Throws an error that states what is wrong with the file; a file that does not exist is an empty list. */
  readonly read: (file: string) => readonly T[];
  readonly text: (list: readonly T[]) => string;
}

/** The list as it is stored. */
export function readStoredList<T>({ file, read }: StoredList<T>): Result<readonly T[]> {
  try {
    return ok(read(file));
  } catch (error) {
    return refused((error as Error).message);
  }
}

/**
 * Changes a stored list; `change` returns the new one or why it cannot.
 *
 * The file changes whole or not at all and is readable by its owner only (0600); of two changes at once the second is refused.
 */
export function changeStoredList<T>(
  folder: string,
  list: StoredList<T>,
  change: (before: readonly T[]) => Result<readonly T[]>,
): Result<void> {
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const { file, what, command, text } = list;
  const draft = `${file}.new`;
  const opened = openDraft(draft, command);
  if (!opened.ok) return opened;
  let isDone = false;
  try {
    const before = readStoredList(list);
    const after = before.ok ? change(before.value) : before;
    if (!after.ok) return after;
    writeFileSync(opened.value, text(after.value));
    fsyncSync(opened.value);
    renameSync(draft, file);
    isDone = true;
    return ok(undefined);
  } catch (error) {
    return refused(`cannot write the ${what} ${file}: ${(error as Error).message}`);
  } finally {
    closeSync(opened.value);
    if (!isDone) rmSync(draft, { force: true });
  }
}

/** The draft file is also the lock: only one process can create it. */
function openDraft(draft: string, command: string): Result<number> {
  try {
    return ok(openSync(draft, 'wx', 0o600));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return refused(`cannot write ${draft}: ${message}`);
    return refused(`another ${command} command is running; if none is, delete ${draft}`);
  }
}
