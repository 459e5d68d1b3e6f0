import {
  beginSynchronizedOutput,
  cursorTo,
  endSynchronizedOutput,
  eraseLine,
  eraseScreen,
} from 'ansi-escapes';
import type { Terminal } from './terminal.ts';

/** Draws frames on a terminal, writing only the lines that changed. */
export interface Screen {
  /** Shows these lines, from the top. They must fit. */
  draw(lines: readonly string[]): void;
  /** Draws everything anew next time: the terminal was resized, or something else wrote on it. */
  invalidate(): void;
}

/** Makes a screen of a terminal. A frame is shown as a whole by terminals that support synchronized output. */
export function createScreen(terminal: Pick<Terminal, 'write'>): Screen {
  let shown: readonly string[] | undefined;
  return {
    draw(lines) {
      const former = shown ?? [];
      const erased = shown === undefined ? eraseScreen : '';
      shown = lines;
      const changed = Array.from({ length: Math.max(lines.length, former.length) }, (_, row) =>
        lines[row] === former[row] ? '' : cursorTo(0, row) + eraseLine + (lines[row] ?? ''),
      ).join('');
      if (erased + changed !== '')
        terminal.write(beginSynchronizedOutput + erased + changed + endSynchronizedOutput);
    },
    invalidate() {
      shown = undefined;
    },
  };
}
