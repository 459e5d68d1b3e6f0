import { fstatSync, write } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** The destination of lines; calls back when one was written, with an error when it was not. */
export type WriteLine = (line: Buffer, done: (error?: Error | null) => void) => void;

/** Lines that wait for a slow reader, at most, bytes. */
const maxWaitingBytes = 1_048_576;

/**
 * Writes log lines without ever holding up the program or ending it (PL7).
 *
 * One line is under way at a time. What cannot be written (a full disk, a closed pipe) or no longer waits (a reader that has
 * stalled) is dropped and counted; the next line that can be written is preceded by one with the number of lines dropped.
 */
export class LogWriter {
  readonly #writeLine: WriteLine;
  readonly #nowMs: () => number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  #dropped = 0;
  #onIdle: (() => void)[] = [];

  constructor(options: { readonly writeLine: WriteLine; readonly nowMs: () => number }) {
    this.#writeLine = options.writeLine;
    this.#nowMs = options.nowMs;
  }

  /** Takes a line with its end. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waitingBytes + bytes.length > maxWaitingBytes) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#isWriting) this.#writeNext();
  }

  /** Resolves when everything was written or dropped, or after `graceMs`. */
  flush(graceMs: number): Promise<void> {
    if (!this.#isWriting) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onIdle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #writeNext(): void {
    const line = this.#takeNext();
    this.#isWriting = line !== undefined;
    if (line === undefined) {
      for (const onIdle of this.#onIdle.splice(0)) onIdle();
      return;
    }
    this.#writeLine(line, (error) => {
      if (error) this.#dropped += 1;
      this.#writeNext();
    });
  }

  #takeNext(): Buffer | undefined {
    const next = this.#waiting.shift();
    if (next === undefined) return undefined;
    this.#waitingBytes -= next.length;
    if (this.#dropped === 0) return next;
    const notice = this.#notice();
    this.#dropped = 0;
    return Buffer.concat([Buffer.from(notice), next]);
  }

  #notice(): string {
    const time = new Date(this.#nowMs()).toISOString();
    return `${JSON.stringify({ level: 'warn', time, dropped: this.#dropped, msg: 'log lines were dropped: the log could not be written' })}\n`;
  }
}

/**
 * Writes lines to a file descriptor without waiting for it: pipes and sockets by the event loop, files by the thread pool.
 *
 * Node writes standard error synchronously, so that a pipe that nobody reads stops the whole program.
 */
export function descriptorWriter(fd: number): WriteLine {
  const kind = fstatSync(fd);
  if (!kind.isFIFO() && !kind.isSocket()) return (line, done) => writeAll(fd, line, done);
  const pipe: Writable & { unref?(): unknown } = new Socket({ fd, readable: false, writable: true });
  // A write that fails calls back; without a listener its event would end the process.
  pipe.on('error', () => {});
  pipe.unref?.();
  return (line, done) => {
    if (pipe.writable) pipe.write(line, done);
    else setImmediate(done, new Error('the log is closed'));
  };
}

function writeAll(fd: number, bytes: Buffer, done: (error?: Error | null) => void): void {
  write(fd, bytes, (error, written) => {
    if (error !== null || written === bytes.length) done(error);
    else writeAll(fd, bytes.subarray(written), done);
  });
}
