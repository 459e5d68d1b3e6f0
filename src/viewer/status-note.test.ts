import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../core/index.ts';
import { isDisconnected, type StatusNote, statusNotes } from './status-note.ts';

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

describe('statusNotes', () => {
  const left = { connections: 0, disconnectedAtMs: 5 };
  it.each<[Partial<ListedRow>, readonly StatusNote[]]>([
    [{ connections: 1 }, []],
    [left, ['disconnected']],
    [{ connections: 1, unreachableSinceMs: 6 }, ['unreachable']],
    [{ ...left, unreachableSinceMs: 6 }, ['disconnected', 'unreachable']],
  ])('[PS3] beside the status of a row with %j stands %j', (facts, expected) => {
    expect(statusNotes({ ts: 0, ...facts })).toEqual(expected);
  });
});
