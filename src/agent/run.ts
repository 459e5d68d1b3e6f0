import { execFile } from 'node:child_process';
import { err, ok, type Result } from '../core/index.ts';

/** Standard output of a program that succeeded, or why it did not, in one line for people. */
export type RunOutcome = Result<string, string>;

/**
 * Runs a program to its end, without a shell, and never rejects.
 *
 * Everything that has no Node API is read from the operating system through this, so that tests can return
 * recorded output.
 */
export type Run = (program: string, args: readonly string[]) => Promise<RunOutcome>;

interface Failure extends Error {
  readonly code?: string | number | null;
  readonly killed?: boolean;
}

/** Runs real programs, in the C locale. One that takes longer than `timeoutMs` (5 000) is killed. */
export function systemRun(options: { readonly timeoutMs?: number } = {}): Run {
  const timeoutMs = options.timeoutMs ?? 5_000;
  return (program, args) =>
    new Promise((resolve) => {
      const settings = { timeout: timeoutMs, env: { ...process.env, LC_ALL: 'C' }, windowsHide: true };
      execFile(program, [...args], settings, (error, stdout, stderr) => {
        if (error === null) resolve(ok(stdout));
        else resolve(err(failureReason(program, error, stderr, timeoutMs)));
      });
    });
}

function failureReason(program: string, error: Failure, stderr: string, timeoutMs: number): string {
  if (error.code === 'ENOENT') return `${program} is not installed`;
  if (error.killed) return `${program} did not answer within ${timeoutMs} ms`;
  const said = stderr.trim().split('\n')[0];
  return said ? `${program}: ${said}` : `${program} failed with code ${error.code ?? 'unknown'}`;
}
