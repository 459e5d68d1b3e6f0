import { describe, expect, it } from 'vitest';
import { jsonLogger, type LogLevel } from './log.ts';

function logWith(level: LogLevel) {
  const lines: string[] = [];
  const logger = jsonLogger({ level, write: (line) => lines.push(line), nowMs: () => Date.UTC(2026, 2, 1) });
  return { logger, lines };
}

describe('jsonLogger', () => {
  it('writes one JSON object per line: level, time, what belongs to it, message', () => {
    const { logger, lines } = logWith('info');
    logger.info({ rows: 3, size: 12n }, 'two\nlines');
    expect(lines).toEqual([
      '{"level":"info","time":"2026-03-01T00:00:00.000Z","rows":3,"size":"12","msg":"two\\nlines"}\n',
    ]);
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['silent', []],
  ] as const)('at level %s logs %j', (level, levels) => {
    const { logger, lines } = logWith(level);
    for (const name of ['debug', 'info', 'warn', 'error'] as const) logger[name]({}, 'x');
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(levels);
  });

  it('hides tokens and passwords, wherever they stand', () => {
    const { logger, lines } = logWith('info');
    logger.info({ token: 'a', at: { password: 'b', list: [{ token: 'c' }], name: 'd' } }, 'x');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      token: '[hidden]',
      at: { password: '[hidden]', list: [{ token: '[hidden]' }], name: 'd' },
    });
  });

  it('writes of an error its name, code, stack and cause', () => {
    const { logger, lines } = logWith('info');
    const err = Object.assign(new TypeError('no such file', { cause: new Error('disk') }), {
      code: 'ENOENT',
    });
    logger.error({ err }, 'x');
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
      type: 'TypeError',
      message: 'no such file',
      code: 'ENOENT',
      stack: expect.stringContaining('log.test.ts'),
      cause: { message: 'disk' },
    });
  });

  it('writes the message even of fields that JSON cannot hold', () => {
    const { logger, lines } = logWith('info');
    const circle: { self?: object } = {};
    circle.self = circle;
    logger.warn({ circle }, 'x');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'x',
      unprintable: expect.stringContaining('circular'),
    });
  });
});
