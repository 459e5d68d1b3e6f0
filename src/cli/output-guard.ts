import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/** What is guarded: the streams of a process, and its end. */
export interface GuardedProcess {
  readonly stdout: Writable;
  readonly stderr: Writable;
  exit(code: number): void;
}

/** Commands that go on working when nobody reads what they print. */
const services: ReadonlySet<string> = new Set(['gateway', 'agent']);

/**
 * Decides what becomes of a command whose output goes nowhere: a reader that has enough (`rollcall list | head -1`), a terminal
 * that was closed, a full disk.
 *
 * A reader that left ends a command with 0, without a word; a service goes on. What cannot be written for another reason is said
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

/** `EIO` is what a terminal answers that was closed. */
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
