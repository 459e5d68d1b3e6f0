import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { guardOutput } from './output-guard.ts';

function fail(argv: readonly string[], code: string, stream: 'stdout' | 'stderr' = 'stdout') {
  const ends: number[] = [];
  let said = '';
  const sink = (): Writable =>
    new Writable({
      write(chunk, _, done) {
        said += String(chunk);
        done();
      },
    });
  const guarded = { stdout: sink(), stderr: sink(), exit: (end: number) => void ends.push(end) };
  guardOutput(argv, guarded);
  guarded[stream].emit('error', Object.assign(new Error(`write ${code}`), { code }));
  return { ends, said };
}

describe('[PL7] output that goes nowhere', () => {
  it.each(['EPIPE', 'EIO'])('a reader that left ends a command without a word: %s', (code) => {
    expect(fail(['list'], code)).toEqual({ ends: [0], said: '' });
    expect(fail(['--no-color', 'watch', '--json'], code)).toEqual({ ends: [0], said: '' });
  });

  it.each(['EPIPE', 'EIO', 'ENOSPC'])('a service goes on: %s', (code) => {
    expect(fail(['gateway', '--port', '0'], code)).toEqual({ ends: [], said: '' });
    expect(fail(['agent'], code)).toEqual({ ends: [], said: '' });
  });

  it('a full disk is said in one line', () => {
    expect(fail(['list'], 'ENOSPC')).toEqual({
      ends: [1],
      said: 'rollcall: cannot write the output: write ENOSPC\n',
    });
  });

  it('standard error that is closed ends nothing', () => {
    expect(fail(['doctor'], 'EPIPE', 'stderr')).toEqual({ ends: [], said: '' });
  });
});
