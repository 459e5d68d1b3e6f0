import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { cursorHide, cursorShow, enterAlternativeScreen, exitAlternativeScreen } from 'ansi-escapes';
import { describe, expect, it } from 'vitest';
import type { Key } from './key.ts';
import { takeTerminal } from './terminal.ts';

/** The two ends of a terminal, and what happened to them. */
function fakeTerminal() {
  const raw: boolean[] = [];
  const written: string[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => void raw.push(mode) });
  const output = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string) => void written.push(text),
  });
  const streams = [input as unknown as ReadStream, output as unknown as WriteStream] as const;
  return { raw, written, input, output, streams };
}

describe('a terminal', () => {
  it('is taken over, and restored once', () => {
    const { raw, written, streams } = fakeTerminal();
    const listeners = process.listenerCount('exit');
    const terminal = takeTerminal(...streams);
    expect(terminal.size()).toEqual({ columns: 80, rows: 24 });
    expect(written[0]).toContain(enterAlternativeScreen + cursorHide);
    terminal.close();
    terminal.close();
    expect(raw).toEqual([true, false]);
    expect(written.slice(1)).toEqual([cursorShow + exitAlternativeScreen]);
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it('reports keys and sizes until it is restored', async () => {
    const { input, output, streams } = fakeTerminal();
    const terminal = takeTerminal(...streams);
    const keys: Key[] = [];
    let resizes = 0;
    terminal.onKey((key) => keys.push(key));
    terminal.onResize(() => {
      resizes += 1;
    });
    input.write('\u001b[A京q');
    output.emit('resize');
    await new Promise((resolve) => setImmediate(resolve));
    terminal.close();
    input.write('x');
    output.emit('resize');
    await new Promise((resolve) => setImmediate(resolve));
    expect(keys).toEqual([
      { kind: 'named', name: 'up' },
      { kind: 'text', text: '京' },
      { kind: 'text', text: 'q' },
    ]);
    expect(resizes).toBe(1);
  });
});
