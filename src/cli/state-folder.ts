import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, refused, success } from './result.ts';

/**
 * The folder of what Rollcall keeps between runs: `$XDG_STATE_HOME/rollcall`, else `~/.local/state/rollcall`.
 *
 * Only names it; {@link ensureStateFolder} makes it.
 */
export function stateFolder(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}): string {
  const stateHome = options.env['XDG_STATE_HOME'] || join(options.homeFolder, '.local', 'state');
  return join(stateHome, 'rollcall');
}

/** Makes the folder when it is missing and closes it to everybody but its owner (0700). */
export function ensureStateFolder(folder: string): Result<string> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return success(folder);
  } catch (error) {
    return refused(
      `cannot use the state folder ${folder}: ${(error as Error).message}. Set XDG_STATE_HOME to a folder you may write, or give a token yourself (ROLLCALL_TOKEN)`,
    );
  }
}
