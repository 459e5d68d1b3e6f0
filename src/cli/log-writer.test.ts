import { describe, expect, it } from 'vitest';
import { LogWriter, type WriteLine } from './log-writer.ts';

function fixture() {
  const written: string[] = [];
  const open: ((error?: Error | null) => void)[] = [];
  const writeLine: WriteLine = (line, done) => {
    written.push(line.toString());
    open.push(done);
  };
  const writer = new LogWriter({ writeLine, nowMs: () => 0 });
  const finish = (error?: Error): void => open.shift()?.(error);
  return { written, writer, finish };
}

describe('the log writer', () => {
  it('[PL7] writes lines in order, one at a time', () => {
    const { written, writer, finish } = fixture();
    for (const line of ['a\n', 'b\n', 'c\n']) writer.write(line);
    expect(written).toEqual(['a\n']);
    finish();
    finish();
    expect(written).toEqual(['a\n', 'b\n', 'c\n']);
  });

  it('[PL7] continues after a line that could not be written, and reports it once it can', () => {
    const { written, writer, finish } = fixture();
    writer.write('a\n');
    writer.write('b\n');
    finish(new Error('ENOSPC'));
    expect(written[1]).toBe(
      '{"level":"warn","time":"1970-01-01T00:00:00.000Z","dropped":1,"msg":"log lines were dropped: the log could not be written"}\nb\n',
    );
  });

  it('[PL7] a reader that stalls costs at most a mebibyte and no time', async () => {
    const { written, writer, finish } = fixture();
    const line = `${'x'.repeat(1_023)}\n`;
    for (let count = 0; count < 5_000; count += 1) writer.write(line);
    expect(written).toHaveLength(1);
    let lines = 0;
    while (written.length > lines) {
      lines = written.length;
      finish();
    }
    expect(written.length).toBeLessThanOrEqual(1_025);
    expect(written[1]).toMatch(/"dropped":397\d,/);
    await writer.flush(0);
  });

  it('[PL7] waits for pending lines, no longer than graceMs', async () => {
    const { writer, finish } = fixture();
    writer.write('a\n');
    const flushed = writer.flush(60_000);
    finish();
    await flushed;
    writer.write('b\n');
    await writer.flush(1);
  });
});
