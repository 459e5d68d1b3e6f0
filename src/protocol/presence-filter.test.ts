import { describe, expect, it } from 'vitest';
import type { InstanceView } from '../core/index.ts';
import { matchesFilter, parsePresenceFilter } from './presence-filter.ts';

const nowMs = 1_000_000;
const view: InstanceView = {
  key: 'abc',
  host: 'Anna’s Mac',
  ip: '192.0.2.7',
  version: '2026.9.6',
  platform: 'macOS 15.1',
  modelIdentifier: 'MacBookPro18,3',
  mode: 'UI',
  roles: ['operator'],
  tags: ['Kitchen'],
  text: 'Node: here',
  deviceId: 'd00d',
  instanceId: 'ABC',
  ts: nowMs - 1000,
  connections: 1,
  firstSeenAtMs: 0,
  sources: {},
};

function passes(params: unknown, row: InstanceView = view): boolean {
  const parsed = parsePresenceFilter(params);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return matchesFilter(row, parsed.value, nowMs);
}

describe('presence filter', () => {
  it.each([undefined, null, {}, { mode: '' }, { mode: [] }, { q: ' ' }])(
    '[PF3] %j lets all pass',
    (params) => {
      expect(parsePresenceFilter(params)).toEqual({ ok: true, value: { terms: [] } });
      expect(passes(params)).toBe(true);
    },
  );

  it('[PF3] mode and role compare whole words in any case, one or several', () => {
    expect(passes({ mode: ' ui ' })).toBe(true);
    expect(passes({ mode: ['webchat', 'Ui'] })).toBe(true);
    expect(passes({ mode: 'u' })).toBe(false);
    expect(passes({ role: 'OPERATOR' })).toBe(true);
    expect(passes({ role: ['node'] })).toBe(false);
  });

  it('[PF3] a row without the fact does not pass a filter on it', () => {
    const bare: InstanceView = { key: 'k', ts: nowMs, connections: 0, firstSeenAtMs: 0, sources: {} };
    expect([{ mode: 'ui' }, { role: 'node' }, { q: 'x' }].some((params) => passes(params, bare))).toBe(false);
    expect(passes({ status: 'active' }, bare)).toBe(true);
  });

  it('[PS5] [PF3] state is that of the shared function; gateway is a name of one that holds the row', () => {
    const left = { ...view, connections: 0, disconnectedAtMs: 5, gateways: ['Studio', 'attic'] };
    expect(passes({ state: 'online' })).toBe(true);
    expect(passes({ state: ['idle', 'online'] }, left)).toBe(false);
    expect(passes({ state: 'disconnected', gateway: 'studio' }, left)).toBe(true);
    expect(passes({ gateway: ['cellar'] }, left)).toBe(false);
  });

  it('[PS1] [PS2] status is that of the shared function at the gateway’s time', () => {
    expect(passes({ status: 'active' })).toBe(true);
    const idle = { ...view, ts: nowMs - 120_001 };
    expect(passes({ status: 'active' }, idle)).toBe(false);
    expect(passes({ status: ['stale', 'idle'] }, idle)).toBe(true);
    expect(passes({ status: 'stale' }, { ...view, ts: nowMs - 300_001 })).toBe(true);
  });

  it.each(['anna', '192.0', '2026.9', 'MACOS', 'bookpro', 'ui', 'abc', 'd00d', 'node: ', 'kitch'])(
    '[PF3] q finds %s',
    (q) => {
      expect(passes({ q })).toBe(true);
    },
  );

  it('[PF3] every part must fit', () => {
    expect(passes({ q: 'anna', mode: 'ui', role: 'operator', status: 'active' })).toBe(true);
    expect(passes({ q: 'anna', mode: 'node' })).toBe(false);
    expect(passes({ q: 'anna state:online', state: 'online' })).toBe(true);
    expect(passes({ q: 'anna -state:online' })).toBe(false);
  });

  it.each([
    [7, '/: must be object'],
    [[], '/: must be object'],
    [{ modes: 'ui' }, '/modes: is not known'],
    [{ q: 7 }, '/q: must be string'],
    [{ q: 'x'.repeat(257) }, '/q: must '],
    [{ state: 'away' }, '/state: must be one of online, reporting, idle, stale, disconnected, unreachable'],
    [{ q: 'state:away' }, '/q: at 1: state: must be one of'],
    [{ status: 'away' }, '/status: must be one of active, idle, stale'],
    [{ status: ['idle', 'away'] }, '/status'],
    [{ mode: [7] }, '/mode'],
    [{ mode: ['a\u0000b'] }, '/mode/0: must not contain control characters'],
  ])('[PW10] refuses %j naming the field', (params, message) => {
    const parsed = parsePresenceFilter(params);
    expect(parsed.ok ? '' : parsed.error.message).toContain(`invalid presence.list params: at ${message}`);
  });
});
