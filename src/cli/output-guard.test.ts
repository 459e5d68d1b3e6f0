import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { guardOutput } from './output-guard.ts';

function fail(argv: readonly string[], code: string, stream: 'stdout' | 'stderr' = 'stdout') {
  const ends: number[] = [];
  let printed = '';
  const sink = (): Writable =>
    new Writable({
      write(chunk, _, done) {
        printed += String(chunk);
        done();
      },
    });
  const guarded = { stdout: sink(), stderr: sink(), exit: (end: number) => void ends.push(end) };
  guardOutput(argv, guarded);
  guarded[stream].emit('error', Object.assign(new Error(`write ${code}`), { code }));
  return { ends, printed };
}

describe('[PL7] output that cannot be written', () => {
  it.each(['EPIPE', 'EIO'])('a reader that closed the pipe ends a command without a message: %s', (code) => {
    expect(fail(['list'], code)).toEqual({ ends: [0], printed: '' });
    expect(fail(['--no-color', 'watch', '--json'], code)).toEqual({ ends: [0], printed: '' });
  });

  it.each(['EPIPE', 'EIO', 'ENOSPC'])('a service continues: %s', (code) => {
    expect(fail(['gateway', '--port', '0'], code)).toEqual({ ends: [], printed: '' });
    expect(fail(['agent'], code)).toEqual({ ends: [], printed: '' });
  });

  it('a full disk is reported in one line', () => {
    expect(fail(['list'], 'ENOSPC')).toEqual({
      ends: [1],
      printed: 'rollcall: cannot write the output: write ENOSPC\n',
    });
  });

  it('standard error that is closed ends nothing', () => {
    expect(fail(['doctor'], 'EPIPE', 'stderr')).toEqual({ ends: [], printed: '' });
  });
});
