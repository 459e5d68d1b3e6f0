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

const table = (rows: readonly ListedRow[], columns?: number, colour = false): string =>
  presenceTable({ rows, nowMs, shell: { columns, colour } });

describe('the roster as a table', () => {
  it.each([
    [120_000, '● active'],
    [120_001, '◐ idle'],
    [300_001, '○ stale'],
    [-5_000, '● active'],
  ])('[PS1] [PS3] says the status of a row of %d ms by shape and word', (age, status) => {
    expect(table([{ ...row, ts: nowMs - age }]).split('\n')[1]).toMatch(new RegExp(`^${status} `));
  });

  it.each([30, 40, 60, 80, 120, undefined])(
    '[PS3] who is disconnected, beside the status, in %s columns',
    (columns) => {
      const [, line = ''] = table(
        [{ ...row, connections: 0, disconnectedAtMs: nowMs - 20_000 }],
        columns,
      ).split('\n');
      expect(line).toMatch(/^● active, disconnected {2}A/);
      expect(stringWidth(line)).toBeLessThanOrEqual(columns ?? Number.POSITIVE_INFINITY);
    },
  );

  it.each([
    [30, 'unreachable', 'disconnected…'],
    [42, 'unreachable', 'disconnected…'],
    [43, 'gateway unreachable', 'disconnected…'],
    [56, 'gateway unreachable', 'disconnected…'],
    [57, 'gateway unreachable', 'disconnected, gateway unreachable'],
    [undefined, 'gateway unreachable', 'disconnected, gateway unreachable'],
  ])('[PS3] whose gateway is unreachable, beside the status, in %s columns', (columns, alone, both) => {
    const lost = { ...row, unreachableSinceMs: nowMs - 5_000 };
    const left = { ...lost, connections: 0, disconnectedAtMs: nowMs - 20_000 };
    for (const [facts, words] of [[lost, alone] as const, [left, both] as const]) {
      const [, line = ''] = table([facts], columns).split('\n');
      expect(line).toMatch(new RegExp(`^● active, ${words} {2}A`));
      expect(stringWidth(line)).toBeLessThanOrEqual(columns ?? Number.POSITIVE_INFINITY);
    }
  });

  it('[PS3] of a gateway that does not count connections too', () => {
    const { connections, ...openClaw } = row;
    expect(table([{ ...openClaw, reason: 'disconnect' }])).toContain('● active, disconnected');
    expect(table([openClaw])).not.toContain('disconnected');
  });

  it('[PS4] shows last input as of now', () => {
    expect(table([row])).toContain('24s ago');
  });

  it('[PS3] colour is an addition: without it nothing is lost', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is a control sequence
    expect(table([row], undefined, true).replace(/\u001b\[\d+m/g, '')).toBe(table([row]));
  });

  it.each([40, 60, 80, 100, 120])('fits a terminal of %d columns', (columns) => {
    for (const line of table([row], columns).split('\n'))
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('shows no control characters of a stranger', () => {
    expect(table([{ ...row, host: 'a\u001b[2Jb', reason: 'x\ny' }])).toMatch(/a \[2Jb .* 20s · x y/);
  });
});
