import { describe, expect, it } from 'vitest';
import { createSystemClock } from './system-clock.ts';

/** A machine whose clocks the test moves. */
function machine({ hasBootClock = true } = {}) {
  const at = { monotonicMs: 10_000, bootMs: 90_000, wallMs: 1_000_000 };
  const clock = createSystemClock({
    monotonicMs: () => at.monotonicMs,
    bootMs: () => (hasBootClock ? at.bootMs : undefined),
    wallMs: () => at.wallMs,
  });
  return {
    clock,
    at,
    run(ms: number) {
      at.monotonicMs += ms;
      at.bootMs += ms;
      at.wallMs += ms;
    },
    /** Where the monotonic clock stands still during sleep. */
    sleep(ms: number) {
      at.bootMs += ms;
      at.wallMs += ms;
    },
  };
}

describe('createSystemClock', () => {
  it('[PT4] counts time asleep', () => {
    const { clock, run, sleep } = machine();
    const { monoMs } = clock.now();
    run(1_000);
    sleep(3_600_000);
    run(1_000);
    expect(clock.now().monoMs - monoMs).toBe(3_602_000);
    run(1_000);
    expect(clock.now().monoMs - monoMs).toBe(3_603_000);
  });

  it('[PT4] counts several sleeps, each once', () => {
    const { clock, run, sleep } = machine();
    const { monoMs } = clock.now();
    for (let night = 0; night < 3; night += 1) {
      sleep(5_000);
      run(600);
      clock.now();
    }
    expect(clock.now().monoMs - monoMs).toBe(16_800);
  });

  it('[PT4] does not follow the wall clock', () => {
    const { clock, run, at } = machine();
    const before = clock.now();
    at.wallMs -= 86_400_000;
    run(2_000);
    const after = clock.now();
    expect(after.monoMs - before.monoMs).toBe(2_000);
    expect(after.wallMs).toBe(at.wallMs);
  });

  it('[PT4] takes the coarse steps of the boot clock for no sleep', () => {
    const { clock, run, at } = machine();
    const { monoMs } = clock.now();
    at.bootMs += 990;
    run(600);
    expect(clock.now().monoMs - monoMs).toBe(600);
  });

  it('[PT4] never runs backwards, whatever the boot clock returns', () => {
    const { clock, run, at } = machine();
    const { monoMs } = clock.now();
    at.bootMs -= 1_000_000;
    run(600);
    expect(clock.now().monoMs - monoMs).toBe(600);
  });

  it('[PT4] without a boot clock it is the monotonic one', () => {
    const { clock, run } = machine({ hasBootClock: false });
    const { monoMs } = clock.now();
    run(5_000);
    expect(clock.now().monoMs - monoMs).toBe(5_000);
  });

  it('[PT4] the clock of this machine runs forward', () => {
    const clock = createSystemClock();
    const first = clock.now();
    expect(clock.now().monoMs).toBeGreaterThanOrEqual(first.monoMs);
    expect(Number.isFinite(first.wallMs)).toBe(true);
  });
});
