import { describe, expect, it } from 'vitest';
import type { ListedRow } from './listed-row.ts';
import { isDisconnected } from './status-note.ts';

describe('isDisconnected', () => {
  it.each<[string, Partial<ListedRow>, boolean]>([
    ['its last connection closed', { connections: 0, disconnectedAtMs: 5 }, true],
    ['one is live, whatever a beacon says', { connections: 1, reason: 'disconnect' }, false],
    ['it never had one, whatever a beacon says', { connections: 0, reason: 'disconnect' }, false],
    ['a gateway that does not count connections says so', { reason: 'disconnect' }, true],
    ['a gateway that does not count connections says otherwise', { reason: 'periodic' }, false],
  ])('[PS3] a row of which %s: %j is %s', (_, facts, expected) => {
    expect(isDisconnected({ ts: 0, ...facts })).toBe(expected);
  });
});
