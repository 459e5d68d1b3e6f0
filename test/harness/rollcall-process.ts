import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const mainFile = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));

/** A command that ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A built `rollcall` command that runs as a process of its own. */
export interface RollcallProcess {
  /** Resolves with what was printed so far once standard output holds `text`; rejects when the process ends before. */
  printed(text: string): Promise<string>;
  /** The same of standard error, where the log goes. */
  logged(text: string): Promise<string>;
  readonly pid: number | undefined;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

/** A home folder of its own for commands, with nothing of this computer's environment but what they need. */
export interface CommandHome {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** Makes an empty home folder. */
export function createCommandHome(): CommandHome {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-home-'));
  return {
    folder,
    env: { HOME: folder, PATH: process.env['PATH'] ?? '' },
    // A command that is ending may still write a file.
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** The built command and its arguments, for a shell. */
export function rollcallCommand(args: readonly string[]): {
  readonly program: string;
  readonly args: readonly string[];
} {
  return { program: process.execPath, args: [mainFile, ...args] };
}

/** Starts the built command with the Node that runs the tests; `file` is a copy of it. */
export function startRollcall(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  file = mainFile,
): RollcallProcess {
  return startProgram(process.execPath, [file, ...args], env);
}

/** Starts an installed command. */
export function startProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): RollcallProcess {
  const child = spawn(program, args, { env });
  const output = { stdout: '', stderr: '' };
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output.stdout += piece;
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    output.stderr += piece;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    printed: (text) => waitFor(child, 'stdout', output, text),
    logged: (text) => waitFor(child, 'stderr', output, text),
    pid: child.pid,
    ended,
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs the built command to its end. */
export function runRollcall(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return startRollcall(args, env).ended;
}

function waitFor(
  child: ChildProcessWithoutNullStreams,
  stream: 'stdout' | 'stderr',
  output: { stdout: string; stderr: string },
  text: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      if (!output[stream].includes(text)) return;
      child[stream].off('data', check);
      resolve(output[stream]);
    };
    child[stream].on('data', check);
    child.once('close', () =>
      reject(new Error(`ended before it printed "${text}": ${output.stdout}${output.stderr}`)),
    );
    check();
  });
}
