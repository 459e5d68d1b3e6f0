import { expect, it } from 'vitest';
import type { ListedRow } from '../core/index.ts';
import { summaryOf, summaryText } from './status-command.ts';

const nowMs = 10_000_000;
const row = (name: string, facts: Partial<ListedRow> = {}): ListedRow => ({
  host: name,
  key: name,
  instanceId: name,
  mode: 'ui',
  connections: 1,
  ts: nowMs,
  ...facts,
});
const self = row('gw', { self: true, mode: 'gateway', reason: 'self' });

it('[PS5] counts by state without the gateway itself, and leaves out what is zero', () => {
  const gone = { connections: 0, disconnectedAtMs: nowMs };
  const rows = [self, row('a'), row('b'), row('c', gone)];
  const summary = summaryOf({ rows, nowMs, truncated: false });
  expect(summaryText(summary)).toBe('2 online, 1 disconnected');
  expect(summary.problems).toEqual([]);
  expect(summaryText(summaryOf({ rows: [self], nowMs, truncated: false }))).toBe(
    '0 online: only the gateway itself is listed',
  );
});

it('[PS5] counts a full roster and gateways that are lost as problems', () => {
  const rows = [self, row('a', { unreachableSinceMs: nowMs })];
  const summary = summaryOf({ rows, nowMs, truncated: true });
  expect(summaryText(summary)).toBe('0 online, 1 unreachable, 2 problems');
  expect(summary.problems[1]).toBe('1 instance of gateways that cannot be reached');
});
