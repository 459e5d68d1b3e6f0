import { describe, expect, it } from 'vitest';
import type { Instance, InstanceChange } from '../../client/index.ts';
import { changeJson, changeLine } from './change-text.ts';

const nowMs = new Date(2026, 0, 2, 3, 4, 5).getTime();
const desk: Instance = {
  key: 'desk',
  host: 'desk',
  mode: 'ui',
  ip: '192.0.2.2',
  reason: 'connect',
  ts: nowMs,
};

describe('a change as a line', () => {
  it('who came', () => {
    const line = changeLine({ kind: 'join', key: 'desk', instance: desk }, nowMs);
    expect(line).toBe('03:04:05  join    desk (ui)  ● online · 192.0.2.2 · connect');
  });

  it('[PS3] who left, and that it was disconnected before', () => {
    const instance = { ...desk, reason: 'disconnect', ts: nowMs - 301_000 };
    const line = changeLine({ kind: 'leave', key: 'desk', instance }, nowMs);
    expect(line).toBe('03:04:05  leave   desk (ui)  ✕ disconnected 5m · 192.0.2.2 · disconnect');
  });

  it('[PS3] whose gateway cannot be reached', () => {
    const instance = { ...desk, connections: 1, unreachableSinceMs: nowMs };
    const line = changeLine({ kind: 'join', key: 'desk', instance }, nowMs);
    expect(line).toBe('03:04:05  join    desk (ui)  ◌ unreachable · 192.0.2.2 · connect');
  });

  it('what is different, without escape sequences', () => {
    const instance = { ...desk, reason: 'peri\u001b[31modic', lastInputSeconds: 3, ts: nowMs + 1 };
    const line = changeLine({ kind: 'update', key: 'desk', instance, previous: desk }, nowMs);
    expect(line).toBe(
      '03:04:05  update  desk (ui)  reason connect → peri [31modic, lastInputSeconds none → 3',
    );
  });

  it('a renewal, which changes nothing but the time', () => {
    const instance = { ...desk, ts: nowMs + 1 };
    const line = changeLine({ kind: 'update', key: 'desk', instance, previous: desk }, nowMs);
    expect(line).toBe('03:04:05  update  desk (ui)  renewed');
  });
});

it('a change as JSON is one line with the row, its status and the time of the gateway', () => {
  const previous = { ...desk, key: 'old' };
  const change: InstanceChange = {
    kind: 'update',
    key: 'desk',
    instance: desk,
    previous,
    previousKey: 'old',
  };
  const text = changeJson(change, nowMs);
  expect(text).not.toContain('\n');
  expect(JSON.parse(text)).toEqual({
    kind: 'update',
    key: 'desk',
    previousKey: 'old',
    at: nowMs,
    status: 'active',
    instance: desk,
  });
});
