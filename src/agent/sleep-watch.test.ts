import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sleptBetween } from './sleep-watch.ts';

const at = (monoMs: number, wallMs = monoMs) => ({ monoMs, wallMs });

it('detects a sleep that the monotonic clock did not count', () => {
  expect(sleptBetween(at(0, 0), at(15_000, 3_600_000), 15_000)).toBe(true);
});

it('detects a sleep that both clocks counted', () => {
  expect(sleptBetween(at(0), at(60_000), 15_000)).toBe(true);
});

it('treats a busy machine as awake', () => {
  expect(sleptBetween(at(0), at(44_000), 15_000)).toBe(false);
});

it('always treats a tick within the tolerance as awake, and a clock that is set back too', () => {
  const late = fc.integer({ min: 0, max: 30_000 });
  const back = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(late, back, (lateMs, backMs) => {
      expect(sleptBetween(at(0, 2e9), at(15_000 + lateMs, 2e9 + 15_000 + lateMs - backMs), 15_000)).toBe(
        false,
      );
    }),
  );
});
