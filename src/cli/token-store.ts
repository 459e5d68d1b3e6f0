import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedToken } from '../gateway/access/named-token.ts';
import { readTokensFile, tokensFileText } from '../gateway/access/tokens-file.ts';
import { ok, type Result, refused } from './result.ts';
import { ensureStateFolder } from './state-folder.ts';

/** The file that keeps the named tokens; a running gateway follows it. */
export function tokensFileOf(folder: string): string {
  return join(folder, 'tokens.json');
}

/** The named tokens that are kept. */
export function readTokens(folder: string): Result<readonly NamedToken[]> {
  try {
    return ok(readTokensFile(tokensFileOf(folder)));
  } catch (error) {
    return refused((error as Error).message);
  }
}

/**
 * Changes the named tokens that are kept; `change` returns the new ones or why not.
 *
 * The file changes whole or not at all and is readable by its owner only (0600); of two changes at once the second is refused.
 */
export function changeTokens(
  folder: string,
  change: (tokens: readonly NamedToken[]) => Result<readonly NamedToken[]>,
): Result<void> {
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const file = tokensFileOf(folder);
  const draft = `${file}.new`;
  const opened = openDraft(draft);
  if (!opened.ok) return opened;
  let isDone = false;
  try {
    const before = readTokens(folder);
    const after = before.ok ? change(before.value) : before;
    if (!after.ok) return after;
    writeFileSync(opened.value, tokensFileText(after.value));
    fsyncSync(opened.value);
    renameSync(draft, file);
    isDone = true;
    return ok(undefined);
  } catch (error) {
    return refused(`cannot write the tokens file ${file}: ${(error as Error).message}`);
  } finally {
    closeSync(opened.value);
    if (!isDone) rmSync(draft, { force: true });
  }
}

/** The draft is the lock too: only one process makes it. */
function openDraft(draft: string): Result<number> {
  try {
    return ok(openSync(draft, 'wx', 0o600));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return refused(`cannot write ${draft}: ${message}`);
    return refused(`another rollcall token command is at work; if there is none, delete ${draft}`);
  }
}
