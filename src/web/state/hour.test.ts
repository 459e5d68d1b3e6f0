import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import type { HistoryEntry } from './history.ts';
import { lastHour } from './hour.ts';

const minute = 60_000;
const nowMs = 1_000 * minute;
const ago = (minutes: number): number => nowMs - minutes * minute;
const letters = { here: 'x', away: 'o', absent: '.', unknown: '?' };
const entry = (minutes: number, kind: string): HistoryEntry => ({ id: 0, at: ago(minutes), kind, key: 'a' });
const hourOf = (facts: Partial<Instance>, entries: readonly HistoryEntry[] = [], knownSinceMs = ago(1_440)) =>
  lastHour({ key: 'a', ts: nowMs, ...facts } as Instance, entries, { nowMs, knownSinceMs })
    .map((moment) => letters[moment])
    .join('');

describe('the last hour of an instance, in 24 parts', () => {
  const here = { connections: 1, firstSeenAtMs: ago(600), connectedAtMs: ago(600) };
  const gone = { connections: 0, firstSeenAtMs: ago(600), disconnectedAtMs: ago(4) };
  it.each([
    ['connected all the time', here, [], 'xxxxxxxxxxxxxxxxxxxxxxxx'],
    ['new', { ...here, firstSeenAtMs: ago(9), connectedAtMs: ago(9) }, [], '....................xxxx'],
    ['it left four minutes ago', gone, [entry(4, 'left')], 'xxxxxxxxxxxxxxxxxxxxxxoo'],
    [
      'it was away for some minutes',
      { ...here, connectedAtMs: ago(20) },
      [entry(20, 'returned'), entry(26, 'left')],
      'xxxxxxxxxxxxxoooxxxxxxxx',
    ],
    [
      'it joined half an hour ago',
      { ...here, firstSeenAtMs: ago(30) },
      [entry(30, 'joined')],
      '............xxxxxxxxxxxx',
    ],
  ] as const)('%s', (_, facts, entries, expected) => {
    expect(hourOf(facts, entries)).toBe(expected);
  });

  it('nothing is guessed without a journal', () => {
    const openedMs = ago(10);
    expect(hourOf({ ...here, connectedAtMs: ago(30) }, [], openedMs)).toBe('????????????xxxxxxxxxxxx');
    expect(hourOf(gone, [], openedMs)).toMatch(/^\?{22}oo$/);
  });
});
