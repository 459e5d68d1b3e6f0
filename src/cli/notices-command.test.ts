import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../sinks/index.ts';
import { replay } from './notices-command.ts';

const minute = 60_000;
const startMs = Date.UTC(2026, 0, 1);

function entry(
  kind: JournalEntry['kind'],
  minutes: number,
  code?: 'connection-lost' | 'slept',
): JournalEntry {
  return {
    id: minutes + 1,
    at: startMs + minutes * minute,
    kind,
    key: 'pi',
    host: 'kitchen-pi',
    ...(code !== undefined && { cause: { code } }),
  };
}

describe('replay', () => {
  it('[PN17] prints the notices that a rule would have made from the journal, at their moments', () => {
    const rule = { name: 'away', when: 'leaves', who: 'mode:node', for: '2m', unless: ['slept'] } as const;
    const entries = [
      entry('joined', 0),
      entry('left', 1, 'connection-lost'),
      entry('returned', 2),
      entry('left', 10, 'connection-lost'),
      entry('returned', 20),
      entry('left', 30, 'slept'),
    ];
    expect(replay(rule, entries)).toEqual([
      [startMs + 12 * minute, 'kitchen-pi left (connection-lost)'],
      [startMs + 20 * minute, 'kitchen-pi is back'],
    ]);
    expect(replay(rule, [])).toEqual([]);
  });
});
