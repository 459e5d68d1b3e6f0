import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../core/index.ts';
import { isDisconnected, type PresenceState, presenceStateOf } from './presence-state.ts';

const nowMs = 1_000_000;
const minute = 60_000;
const byBeacon = { connections: 0, sources: { host: 'beacon' }, host: 'h' } as const;
const left = { connections: 0, disconnectedAtMs: 5 };

describe('the state of a row', () => {
  it.each<[string, Partial<ListedRow>, ageMs: number, PresenceState]>([
    ['the gateway that answers, whatever its age', { self: true }, 10 * minute, 'online'],
    ['another gateway', { mode: 'gateway', reason: 'self', connections: 0 }, minute, 'online'],
    ['a live connection, heard of within two minutes', { connections: 1 }, 2 * minute, 'online'],
    ['a live connection, a moment later', { connections: 1 }, 2 * minute + 1, 'idle'],
    ['a live connection, after five minutes', { connections: 1 }, 5 * minute + 1, 'stale'],
    ['beacons, within two minutes', byBeacon, 2 * minute, 'reporting'],
    ['beacons, a moment later', byBeacon, 2 * minute + 1, 'idle'],
    ['beacons, after five minutes', byBeacon, 5 * minute + 1, 'stale'],
    ['beacons that say connect', { ...byBeacon, reason: 'connect' }, 0, 'reporting'],
    ['beacons at a member that is unreachable', { ...byBeacon, unreachableSinceMs: 5 }, 0, 'unreachable'],
    [
      'a connection at a member that is unreachable',
      { connections: 1, unreachableSinceMs: 5 },
      0,
      'unreachable',
    ],
    ['a connection that closed', left, 0, 'disconnected'],
    ['a connection that closed long ago', left, 10 * minute, 'disconnected'],
    [
      'a connection that closed at a member that is unreachable',
      { ...left, unreachableSinceMs: 5 },
      0,
      'disconnected',
    ],
    [
      'a list without connections, after a handshake',
      { reason: 'connect', roles: ['operator'] },
      0,
      'online',
    ],
    ['a list without connections, after a beacon', { reason: 'launch' }, 0, 'reporting'],
    ['a list without connections, after a goodbye', { reason: 'disconnect' }, 0, 'disconnected'],
    ['a moment in the future, of a clock that was set back', { connections: 1 }, -minute, 'online'],
  ])('[PS5] %s', (_, facts, age, state) => {
    expect(presenceStateOf({ ts: nowMs - age, ...facts }, nowMs)).toBe(state);
  });
});

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
