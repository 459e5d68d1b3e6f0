import { describe, expect, it } from 'vitest';
import { ageMs, lastInputSecondsAt, statusOf } from './status.ts';

describe('statusOf', () => {
  it.each([
    [-5_000, 'active'],
    [0, 'active'],
    [120_000, 'active'],
    [120_001, 'idle'],
    [300_000, 'idle'],
    [300_001, 'stale'],
    [Number.MAX_SAFE_INTEGER, 'stale'],
  ])('[PS1] a row of age %i ms is %s', (age, status) => {
    expect(statusOf(age)).toBe(status);
  });
});

describe('ageMs', () => {
  it("[PS2] is taken against the gateway's clock", () => {
    expect(ageMs({ ts: 1_000 }, 31_000)).toBe(30_000);
  });

  it('[PS2] is never negative', () => {
    expect(ageMs({ ts: 1_000 }, 400)).toBe(0);
  });
});

describe('lastInputSecondsAt', () => {
  it('[PS4] adds the age of ts to what was reported, in whole seconds', () => {
    const entry = { ts: 10_000, lastInputSeconds: 7 };
    expect(lastInputSecondsAt(entry, 10_000)).toBe(7);
    expect(lastInputSecondsAt(entry, 10_999)).toBe(7);
    expect(lastInputSecondsAt(entry, 11_000)).toBe(8);
    expect(lastInputSecondsAt(entry, 9_000)).toBe(7);
  });

  it('[PS4] is unknown when nothing was reported', () => {
    expect(lastInputSecondsAt({ ts: 10_000 }, 20_000)).toBeUndefined();
  });
});
