import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../core/index.ts';
import { diagnose, type Observation } from './diagnosis.ts';

const nowMs = 100_000_000;
const self: ListedRow = { host: 'vm', mode: 'gateway', reason: 'self', ts: nowMs };

function lines(observation: Partial<Observation>): readonly string[] {
  const all = diagnose({ rows: [self], gatewayNowMs: nowMs, roundTripMs: 10, ...observation });
  return all.map(({ level, message }) => `${level}: ${message}`);
}

describe('the diagnosis', () => {
  it('has nothing to say about a healthy roster', () => {
    expect(
      lines({ scopes: ['operator.write'], greeting: { gatewayMs: nowMs, localMs: nowMs + 29_000 } }),
    ).toEqual([]);
  });

  it('stale rows, but not the gateway itself and those who left', () => {
    const ts = nowMs - 301_000;
    const rows = [
      { ...self, ts },
      { host: 'cam', mode: 'node', ts },
      { host: 'gone', reason: 'disconnect', ts },
    ];
    expect(lines({ rows })).toEqual([
      expect.stringMatching(/^problem: cam \(node\) is stale, last heard 5m 1s ago/),
    ]);
  });

  it.each([
    [nowMs - 60_000, '1m behind'],
    [nowMs + 7_200_000, '2h ahead of'],
  ])('a clock that is off', (gatewayMs, words) => {
    expect(lines({ greeting: { gatewayMs, localMs: nowMs } })).toEqual([
      expect.stringContaining(`the gateway's clock is ${words} this computer's: set both by NTP`),
    ]);
  });

  it('rows from the future', () => {
    expect(lines({ rows: [self, { host: 'cam', ts: nowMs + 60_000 }] })).toEqual([
      expect.stringContaining('cam is dated 1m in the future'),
    ]);
  });

  it('a token that may not read', () => {
    expect(lines({ rows: [], scopes: [] })[0]).toMatch(/^problem: this token does not grant operator.read/);
  });

  it('a full roster', () => {
    expect(lines({ truncated: true })[0]).toMatch(/--max-entries/);
  });

  it('hidden modes are a note, after all problems', () => {
    const found = lines({ hiddenModes: ['cli', 'probe'], truncated: true });
    expect(found[0]).toMatch(/^problem/);
    expect(found[1]).toMatch(/^note: clients of mode cli, probe are never listed/);
  });

  it('duplicates, with the ids and what to change', () => {
    const rows = [
      {
        host: 'desk',
        mode: 'ui',
        reason: 'connect',
        roles: ['operator'],
        deviceId: '0123456789abcdef',
        ts: nowMs,
      },
      {
        host: 'desk',
        mode: 'ui',
        reason: 'periodic',
        instanceId: 'b\n',
        deviceId: '0123456789ABCDEF',
        ts: nowMs,
      },
    ];
    expect(lines({ rows })).toEqual([
      'problem: desk (ui) is listed 2 times (device 0123456789ab, b): its beacons carry an instanceId, its handshake does not: send the same id as connect.client.instanceId',
    ]);
  });
});
