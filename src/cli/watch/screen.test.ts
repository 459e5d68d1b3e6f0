import { cursorTo, eraseLine, eraseScreen } from 'ansi-escapes';
import { describe, expect, it } from 'vitest';
import { createScreen } from './screen.ts';

describe('a screen', () => {
  it('writes only the lines that changed, and all of them after it was invalidated', () => {
    const written: string[] = [];
    const screen = createScreen({ write: (text) => void written.push(text) });
    screen.draw(['a', 'b']);
    screen.draw(['a', 'c']);
    screen.draw(['a', 'c']);
    screen.draw(['a']);
    screen.invalidate();
    screen.draw(['a']);
    expect(written).toHaveLength(4);
    expect(written[0]).toContain(eraseScreen);
    expect(written[1]).toContain(`${cursorTo(0, 1)}${eraseLine}c`);
    expect(written[1]).not.toContain('a');
    expect(written[2]).toContain(cursorTo(0, 1) + eraseLine);
    expect(written[3]).toContain(eraseScreen);
  });
});
