import { describe, expect, it } from 'vitest';
import { Outage } from './outage.ts';

function fixture() {
  const lines: string[] = [];
  const line = (context: object, message: string): void => {
    lines.push(`${message}: ${JSON.stringify(context)}`);
  };
  return {
    lines,
    outage: new Outage('redis', 1_000.4, { debug: line, info: line, warn: line, error: line }),
  };
}

describe('[PC4] an outage of the engine', () => {
  it('is logged once per reason, at the start as well', () => {
    const { lines, outage } = fixture();
    expect(outage.shown).toEqual({ state: 'down', sinceMs: 1_000, reason: 'it was not reached yet' });
    for (const reason of ['refused', 'refused', 'no trust', 'refused']) {
      expect(outage.failed(2_000, reason)).toBe(false);
    }
    expect(outage.shown).toEqual({ state: 'down', sinceMs: 1_000, reason: 'refused' });
    expect(lines).toEqual([
      'the cluster engine cannot be reached; this gateway goes on alone: {"engine":"redis","reason":"refused"}',
      'the cluster engine cannot be reached; this gateway goes on alone: {"engine":"redis","reason":"no trust"}',
    ]);
  });

  it('ends, and the next one is logged again', () => {
    const { lines, outage } = fixture();
    outage.failed(2_000, 'refused');
    outage.wasRead(2);
    expect(outage.shown).toEqual({ state: 'down', sinceMs: 1_000, reason: 'refused' });
    outage.ended(3_000);
    expect(outage.shown).toEqual({ state: 'up', sinceMs: 3_000 });
    outage.ended(4_000);
    expect(outage.shown.sinceMs).toBe(3_000);
    expect(outage.failed(5_000, 'refused')).toBe(true);
    expect(outage.shown).toEqual({ state: 'down', sinceMs: 5_000, reason: 'refused' });
    expect(lines.at(-1)).toContain('is lost; this gateway goes on alone');
  });

  it('[PC16] continues while the engine can be read and not written: one line', () => {
    const { lines, outage } = fixture();
    for (let attempt = 0; attempt < 100; attempt += 1) {
      outage.wasRead(2);
      outage.failed(2_000, 'OOM');
      outage.ended(2_000);
    }
    expect(lines).toHaveLength(1);
    expect(outage.shown.state).toBe('down');
  });

  it('[PC16] that lasts is logged again at growing intervals, until it is over', () => {
    const { lines, outage } = fixture();
    const minuteMs = 60_000;
    for (let minute = 0; minute < 100; minute += 1) outage.failed(1_000 + minute * minuteMs, 'OOM');
    const still =
      'the cluster engine still cannot be used: {"engine":"redis","reason":"OOM","since":"1970-01-01T00:00:01.000Z"}';
    expect(lines.slice(1)).toEqual([still, still, still]);
    outage.wasRead(1);
    outage.ended(200 * minuteMs);
    outage.failed(201 * minuteMs, 'OOM');
    outage.failed(210 * minuteMs, 'OOM');
    expect(lines.slice(4)).toHaveLength(2);
  });

  it('does not fill the log when every attempt fails differently', () => {
    const { lines, outage } = fixture();
    for (let attempt = 0; attempt < 1_000; attempt += 1) outage.failed(2_000, `fault ${attempt}`);
    expect(lines).toHaveLength(5);
  });
});
