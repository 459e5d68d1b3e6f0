import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/** What is guarded: the streams of a process, and its end. */
export interface GuardedProcess {
  readonly stdout: Writable;
  readonly stderr: Writable;
  exit(code: number): void;
}

/** Commands that continue when nobody reads their output. */
const services: ReadonlySet<string> = new Set(['gateway', 'agent']);

/**
 * Handles output that cannot be written: a reader that closed the pipe (`rollcall list | head -1`), a terminal
 * that was closed, a full disk.
 *
 * A closed pipe ends a command with exit code 0 and no message; a service continues. Another reason is reported
 * in one line, with exit code 1. Standard error that cannot be written ends nothing.
 */
export function guardOutput(argv: readonly string[], guarded: GuardedProcess): void {
  const { stdout, stderr } = guarded;
  const isService = services.has(argv.find((word) => !word.startsWith('-')) ?? '');
  stderr.on('error', () => {});
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isService) return;
    if (isReaderGone(error)) return guarded.exit(0);
    stderr.write(`rollcall: cannot write the output: ${error.message}\n`);
    guarded.exit(1);
  });
}

/** Writing to a terminal that was closed fails with `EIO`. */
function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO' || code === 'ECONNRESET';
}

/**
 * Ends a process whose terminal was closed by SIGHUP, as it ends without a listener.
 *
 * Node 20 to 24 abort with a native stack trace when they cannot put such a terminal back as it was (`ResetStdio` in node.cc).
 */
export function endWithTerminal(process: NodeJS.Process): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', () => {
    if (terminals.every((fd) => isatty(fd))) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}
