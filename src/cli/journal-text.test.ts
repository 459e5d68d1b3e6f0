import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../sinks/index.ts';
import { journalLine, journalTable } from './journal-text.ts';

const nowMs = new Date(2026, 0, 2, 13, 14, 15).getTime();
const shell = { colour: false, columns: undefined };

const entries: readonly JournalEntry[] = [
  { id: 1, at: nowMs - 86_400_000, kind: 'gateway-started', key: 'g', host: 'hub' },
  {
    id: 2,
    at: nowMs - 60_000,
    kind: 'left',
    key: 'cam',
    host: 'cam\u001b[31m\n',
    cause: { code: 'connection-lost', evidence: 'no answer to pings' },
    lastSeenMs: nowMs - 90_000,
  },
  {
    id: 3,
    at: nowMs - 3_000,
    kind: 'changed',
    key: 'cam',
    previous: { version: '1' },
    current: { version: '2' },
  },
  { id: 4, at: nowMs, kind: 'flapping', key: 'cam', count: 8, sinceMs: nowMs - 600_000, untilMs: nowMs },
];

describe('entries for people', () => {
  it('[PJ12] a table: when, what, who and why, on one line each', () => {
    expect(journalTable(entries, shell, nowMs).split('\n')).toEqual([
      'WHEN                 WHAT             WHO       WHY',
      '2026-01-01 13:14:15  gateway started  hub',
      '13:13:15             left             cam [31m  Connection lost: no answer to pings · last seen 13:12:45',
      '13:14:12             changed          cam       version 1 → 2',
      '13:14:15             flapping ×8      cam       left 8 times since 13:04:15',
    ]);
  });

  it('[PJ12] lines that come one by one are aligned', () => {
    const at = entries.slice(1).map((entry) => journalLine(entry, shell, nowMs).indexOf('cam'));
    expect(new Set(at).size).toBe(1);
  });
});
