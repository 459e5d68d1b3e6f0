import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../core/index.ts';
import { presenceTable } from './presence-table.ts';

const nowMs = 10_000_000;
const row: ListedRow = {
  host: 'Ada’s MacBook Pro with a long name',
  mode: 'ui',
  ip: '2001:db8:1234:5678:9abc:def0:1234:5678',
  version: '2026.9.6',
  platform: 'macOS 15.1',
  lastInputSeconds: 4,
  reason: 'periodic',
  connections: 1,
  ts: nowMs - 20_000,
};

const table = (rows: readonly ListedRow[], columns?: number, colour = false, wide = false): string =>
  presenceTable({ rows, nowMs, shell: { columns, colour }, wide });

describe('the roster as a table', () => {
  it.each([
    [{}, '● online'],
    [{ connections: 0, reason: 'periodic' }, '◉ reporting'],
    [{ ts: nowMs - 120_001 }, '◐ idle'],
    [{ ts: nowMs - 300_001 }, '○ stale'],
    [{ ts: nowMs + 5_000 }, '● online'],
    [{ connections: 0, disconnectedAtMs: nowMs - 20_000 }, '✕ disconnected'],
    [{ unreachableSinceMs: nowMs - 5_000 }, '◌ unreachable'],
  ])('[PS3] [PS5] has one state of %j, by shape and word, behind the name', (facts, state) => {
    const [title, line = ''] = table([{ ...row, ...facts }]).split('\n');
    expect(title).toMatch(/^NAME +STATE +KIND +LAST SEEN /);
    expect(line).toMatch(new RegExp(`name  \\${state}  `));
  });

  it('[PS4] shows last input as of now', () => {
    expect(table([row])).toContain('24s ago');
  });

  it('[PS3] without colour the text is the same', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is a control sequence
    expect(table([row], undefined, true).replace(/\u001b\[\d+m/g, '')).toBe(table([row]));
  });

  it.each([40, 60, 80, 100, 120])('fits a terminal of %d columns and keeps most of the name', (columns) => {
    for (const line of table([row], columns).split('\n'))
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(table([row], columns)).toContain('Ada’s MacBo');
  });

  it('cuts long cells in a pipe, unless it is to be wide', () => {
    const long = [row, { ...row, host: 'h'.repeat(115) }];
    expect(table(long).split('\n')[1]?.indexOf('●')).toBe(42);
    expect(table(long, undefined, false, true)).toContain('h'.repeat(115));
    expect(table(long, 80, false, true)).toContain('h'.repeat(115));
  });

  it('shows the columns that are asked for, in that order', () => {
    const columns = ['ip', 'name'];
    const text = presenceTable({ rows: [row], nowMs, shell: { columns: undefined, colour: false }, columns });
    expect(text.split('\n')[0]).toMatch(/^IP +NAME$/);
    expect(table([row])).not.toContain('periodic');
    const words = ['kind', 'mode', 'reason'];
    const optional = presenceTable({
      rows: [row],
      nowMs,
      shell: { columns: undefined, colour: false },
      columns: words,
    });
    expect(optional.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['KIND', 'MODE', 'REASON'],
      ['Desktop app', 'ui', 'periodic'],
    ]);
  });

  it('shows no control characters of a stranger', () => {
    expect(table([{ ...row, host: 'a\u001b[2Jb', mode: 'x\ny' }])).toMatch(/a \[2Jb .* x y +20s ago/);
  });
});
