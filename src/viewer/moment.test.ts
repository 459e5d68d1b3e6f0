import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MomentOptions, momentMs, parseMoment } from './moment.ts';

const nowMs = Date.parse('2026-03-02T10:00:00Z');

function read(value: unknown, options: MomentOptions = {}): number | string {
  const moment = parseMoment(value, options);
  return moment.ok ? momentMs(moment.value, nowMs) : moment.error;
}

describe('parseMoment', () => {
  it.each([
    [1_700_000_000_000, 1_700_000_000_000],
    ['1700000000000', 1_700_000_000_000],
    [0, 0],
    ['90s', nowMs - 90_000],
    ['15m', nowMs - 900_000],
    [' 1h ', nowMs - 3_600_000],
    ['7D', nowMs - 7 * 86_400_000],
    ['2w', nowMs - 14 * 86_400_000],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
    ['2026-03-01T03:12Z', Date.UTC(2026, 2, 1, 3, 12)],
    ['2026-03-01T03:12:07.5+02:00', Date.UTC(2026, 2, 1, 1, 12, 7, 500)],
    ['2026-03-01 03:12:07z', Date.UTC(2026, 2, 1, 3, 12, 7)],
  ])('[PJ9] %j is a moment', (value, ms) => {
    expect(read(value)).toBe(ms);
  });

  it.each([
    '',
    'yesterday',
    '1y',
    '-1h',
    '1.5h',
    '03:12',
    '2026-13-01',
    '2026-03-01T25:00Z',
    '1e3',
    true,
    null,
    {},
  ])('[PJ9] %j is none, and the answer says what would be', (value) => {
    expect(read(value)).toMatch(/^must be milliseconds since the epoch, ISO 8601, or a duration back/);
  });

  it('[PJ9] a time without a zone is a moment for who is there alone', () => {
    expect(read('2026-03-01T03:12')).toBe('needs a time zone, such as Z or +02:00');
    expect(read('2026-03-01T03:12', { local: true })).toBe(new Date(2026, 2, 1, 3, 12).getTime());
  });

  it('[PJ12] a time of day is the latest one that has been', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (hours, minutes) => {
        const text = `${hours}:${String(minutes).padStart(2, '0')}`;
        const ms = read(text, { local: true }) as number;
        expect(ms).toBeLessThanOrEqual(nowMs);
        expect(ms).toBeGreaterThan(nowMs - 25 * 3_600_000);
        expect([new Date(ms).getHours(), new Date(ms).getMinutes()]).toEqual([hours, minutes]);
      }),
    );
    expect(read('24:00', { local: true })).toContain('a time such as 03:12');
  });

  it('[PJ9] never throws, and a moment is a whole day that a date can have', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), fc.boolean(), (value, local) => {
        const moment = parseMoment(value, { local });
        if (moment.ok) expect(Number.isNaN(new Date(momentMs(moment.value, nowMs)).getTime())).toBe(false);
      }),
    );
  });
});
