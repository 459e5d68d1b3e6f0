import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stateHome } from '../host/index.ts';
import { ok, type Result, refused } from './result.ts';

/**
 * The folder of what Rollcall stores between runs: `$XDG_STATE_HOME/rollcall`, else `~/.local/state/rollcall`; `undefined`
 * for a user without a home.
 *
 * Creates nothing; {@link ensureStateFolder} does.
 */
export function stateFolder(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
}): string | undefined {
  const home = stateHome(options.env, options.homeFolder);
  return home === undefined ? undefined : join(home, 'rollcall');
}

const noStateFolder = refused(
  'there is no folder to keep state in: set XDG_STATE_HOME or HOME to an absolute path, or give a token yourself (ROLLCALL_TOKEN)',
);

/** The state folder of a command that needs one. */
export function namedStateFolder(options: Parameters<typeof stateFolder>[0]): Result<string> {
  const folder = stateFolder(options);
  return folder === undefined ? noStateFolder : ok(folder);
}

/** Creates the folder when it is missing, with access for its owner only (0700). */
export function ensureStateFolder(folder: string | undefined): Result<string> {
  if (folder === undefined) return noStateFolder;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return ok(folder);
  } catch (error) {
    return refused(
      `cannot use the state folder ${folder}: ${(error as Error).message}. Set XDG_STATE_HOME to a folder you may write, or give a token yourself (ROLLCALL_TOKEN)`,
    );
  }
}
