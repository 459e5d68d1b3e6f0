import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const mainFile = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A terminal of tmux in which the built command runs, and a shell after it. */
export interface TmuxTerminal {
  /** Sends keys by their tmux names; other words are typed. */
  press(...keys: readonly string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** What the terminal shows, line by line; with `styles` as escape sequences. */
  capture(options?: { readonly styles?: boolean }): Promise<readonly string[]>;
  /** Waits until the screen matches and returns it. The time limit is that of the test; the error then contains the screen. */
  shows(isWanted: (screen: string) => boolean): Promise<string>;
  /** Ends the terminal and everything in it. */
  close(): void;
}

/** How often the screen is read, in milliseconds. */
const pollMs = 50;
/** Reads before a wait fails with the screen in its error. */
const maxReads = 300;

/** Starts `rollcall ARGS` in a tmux server of its own. */
export async function startInTmux(options: {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}): Promise<TmuxTerminal> {
  const server = `rollcall-${randomUUID()}`;
  const tmux = (...args: readonly string[]): Promise<{ stdout: string }> =>
    run('tmux', ['-L', server, ...args]);
  const env = Object.entries({ ...options.env, LC_ALL: 'C.UTF-8', PS1: 'prompt> ' });
  const words = [process.execPath, mainFile, ...options.args].map((word) => `'${word}'`).join(' ');
  const size = ['-x', String(options.columns), '-y', String(options.rows)];
  const command = `${words}; echo "exit $?"; exec sh`;
  const variables = env.map(([name, value]) => `${name}=${value}`);
  await tmux(
    '-u',
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    ...size,
    'env',
    '-i',
    'TERM=screen-256color',
    ...variables,
    'sh',
    '-c',
    command,
  );
  const capture = async ({ styles = false } = {}): Promise<readonly string[]> => {
    const { stdout } = await tmux('capture-pane', '-p', ...(styles ? ['-e'] : []));
    return stdout.trimEnd().split('\n');
  };
  return {
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    resize: async (columns, rows) =>
      void (await tmux('resize-window', '-x', String(columns), '-y', String(rows))),
    capture,
    async shows(isWanted) {
      for (let reads = 0; ; reads++) {
        const screen = (await capture()).join('\n');
        if (isWanted(screen)) return screen;
        if (reads === maxReads) throw new Error(`the screen never matched:\n${screen}`);
        await wait(pollMs);
      }
    },
    close: () => void execFileSync('tmux', ['-L', server, 'kill-server']),
  };
}
