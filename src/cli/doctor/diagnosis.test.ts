import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../../core/index.ts';
import { diagnose } from './diagnosis.ts';
import type { Finding, Observation } from './finding.ts';

const nowMs = 100_000_000;
const self: ListedRow = { host: 'vm', mode: 'gateway', reason: 'self', ts: nowMs };

function all(observation: Partial<Observation> = {}): readonly Finding[] {
  const healthy = {
    rows: [self],
    gatewayNowMs: nowMs,
    challengeTimes: { gatewayMs: nowMs, localMs: nowMs },
    roundTripMs: 10,
    protocol: 4,
    gatewayVersion: '1.2.3',
    isRollcall: true,
    scopes: ['operator.read', 'operator.write'],
  };
  return diagnose({ ...healthy, ...observation });
}

/** The findings that are no confirmations. */
function lines(observation: Partial<Observation>): readonly string[] {
  return all(observation)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, message }) => `${level}: ${message}`);
}

describe('the diagnosis', () => {
  it('has no problems and no notes for a healthy roster', () => {
    expect(
      lines({ scopes: ['operator.write'], challengeTimes: { gatewayMs: nowMs, localMs: nowMs + 29_000 } }),
    ).toEqual([]);
  });

  it('lists first what is right', () => {
    expect(all().map(({ message }) => message)).toEqual([
      'speaks protocol 4, gateway 1.2.3',
      'grants operator.read, operator.write: enough for list, watch and beacon',
      "its clock is 0 ms from this computer's (± 10 ms)",
      'no instance is listed twice',
    ]);
  });

  it('has no findings about viewers: a page makes no reports, and may be open in two windows', () => {
    const page = { host: 'laptop', mode: 'viewer', reason: 'connect', ts: nowMs - 301_000 };
    const closed = { ...page, reason: 'disconnect', instanceId: 'b' };
    expect(lines({ rows: [self, { ...page, instanceId: 'a' }, closed] })).toEqual([]);
    const asApp = [page, closed].map((row, at) => ({ ...row, mode: 'ui', instanceId: `${at}` }));
    expect(lines({ rows: [self, ...asApp] })).toHaveLength(2);
  });

  it('stale rows, but not the gateway itself and disconnected ones', () => {
    const ts = nowMs - 301_000;
    const rows = [
      { ...self, ts },
      { host: 'cam', mode: 'node', ts },
      { host: 'gone', reason: 'disconnect', ts },
    ];
    expect(lines({ rows })).toEqual([
      expect.stringMatching(/^problem: cam \(node\) is stale, last heard from 5m 1s ago/),
    ]);
  });

  it.each([
    [nowMs - 60_000, '1m behind'],
    [nowMs + 7_200_000, '2h ahead of'],
  ])('a clock that is off', (gatewayMs, words) => {
    expect(lines({ challengeTimes: { gatewayMs, localMs: nowMs } })).toEqual([
      expect.stringContaining(`the gateway's clock is ${words} this computer's: set both by NTP`),
    ]);
  });

  it('rows from the future', () => {
    expect(lines({ rows: [self, { host: 'cam', ts: nowMs + 60_000 }] })).toEqual([
      expect.stringContaining('cam is dated 1m in the future'),
    ]);
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
