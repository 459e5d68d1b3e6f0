import { emitKeypressEvents, type Interface, type Key as NodeKey } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import {
  cursorHide,
  cursorShow,
  enterAlternativeScreen,
  eraseScreen,
  exitAlternativeScreen,
} from 'ansi-escapes';
import { type Key, keyOf } from './key.ts';

/** Size of a terminal in character cells. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that a program controls alone until `close`. */
export interface Terminal {
  size(): TerminalSize;
  write(text: string): void;
  /** Calls back at each key. */
  onKey(listener: (key: Key) => void): void;
  onResize(listener: () => void): void;
  /** Restores the terminal: its screen, its cursor, its line editing. Safe to call twice. */
  close(): void;
}

/** How long an Esc byte may wait for the rest of a key's sequence, in milliseconds. */
const escapeWaitMs = 50;

/** The sequence that puts `text` on the clipboard of the terminal's user, also over ssh (OSC 52). Terminals may ignore it. */
export function copyText(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;
}

/**
 * Takes over the terminal of a process: alternate screen, no cursor, raw keys.
 *
 * It is restored by `close()`, and when the process ends without it.
 */
export function takeTerminal(input: ReadStream, output: WriteStream): Terminal {
  const cleanups: (() => void)[] = [];
  const listen = (source: NodeJS.EventEmitter, event: string, listener: (...args: never[]) => void): void => {
    source.on(event, listener as (...args: unknown[]) => void);
    cleanups.push(() => source.off(event, listener as (...args: unknown[]) => void));
  };
  const restore = (): void => {
    if (cleanups.length === 0) return;
    for (const cleanup of cleanups.splice(0)) cleanup();
    output.write(cursorShow + exitAlternativeScreen);
    try {
      input.setRawMode(false);
    } catch {
      // The terminal was closed: there is nothing to restore.
    }
    input.pause();
  };
  listen(process, 'exit', restore);
  emitKeypressEvents(input, { escapeCodeTimeout: escapeWaitMs } as Partial<Interface> as Interface);
  input.setRawMode(true);
  input.resume();
  output.write(enterAlternativeScreen + cursorHide + eraseScreen);
  return {
    size: () => ({ columns: output.columns, rows: output.rows }),
    write: (text) => void output.write(text),
    onKey(listener) {
      listen(input, 'keypress', (text: string | undefined, nodeKey: NodeKey) => {
        const key = keyOf(text, nodeKey);
        if (key !== undefined) listener(key);
      });
    },
    onResize: (listener) => listen(output, 'resize', listener),
    close: restore,
  };
}
