import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import { isArriving, passDueMonoMs, passWaitMs } from './pass-window.ts';

const never = { endedMonoMs: Number.NEGATIVE_INFINITY, costMs: 0 };

describe('passWaitMs', () => {
  it('[PE1] an idle gateway passes at once', () => {
    expect(passWaitMs(never, 0, 250)).toBe(0);
    expect(passWaitMs({ endedMonoMs: 1_000, costMs: 40 }, 1_040, 250)).toBe(0);
  });

  it.each([
    ['what is left of the cost of the last pass', { endedMonoMs: 1_000, costMs: 40 }, 1_010, 30],
    ['the whole cost right after it', { endedMonoMs: 1_000, costMs: 40 }, 1_000, 40],
    ['no longer than maxCoalesceMs', { endedMonoMs: 1_000, costMs: 9_000 }, 1_000, 250],
    ['nothing after a pass that cost nothing', { endedMonoMs: 1_000, costMs: 0 }, 1_000, 0],
    ['not at all for less than a timer can measure', { endedMonoMs: 1_000, costMs: 0.9 }, 1_000, 0],
  ])('[PE1] a busy one waits %s', (_, last, nowMonoMs, waitMs) => {
    expect(passWaitMs(last, nowMonoMs, 250)).toBe(waitMs);
  });

  it('[PE1] maxCoalesceMs 0 never waits', () => {
    expect(passWaitMs({ endedMonoMs: 1_000, costMs: 40 }, 1_000, 0)).toBe(0);
  });

  it('[PE1] the wait is always from 0 to maxCoalesceMs, and never beyond cost after the end of the last pass', () => {
    const ms = fc.nat({ max: 100_000 });
    const cases = fc.record({ endedMonoMs: ms, costMs: ms, laterMs: ms, maxCoalesceMs: ms });
    fc.assert(
      fc.property(cases, ({ laterMs, maxCoalesceMs, ...last }) => {
        const nowMonoMs = last.endedMonoMs + laterMs;
        const waitMs = passWaitMs(last, nowMonoMs, maxCoalesceMs);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(maxCoalesceMs);
        if (waitMs > 0) expect(nowMonoMs + waitMs).toBeLessThanOrEqual(last.endedMonoMs + last.costMs);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('passDueMonoMs', () => {
  it.each([
    ['as long after the window as sending took', 40, 30, false, 1_070],
    ['50 ms later while clients arrive', 40, 30, true, 1_120],
    ['at the end of the window when sending took no time', 40, 0, false, 1_040],
    ['maxCoalesceMs after the last pass when that is sooner', 200, 100, true, 1_250],
  ])('[PE1] a pass is due, whatever keeps coming, %s', (_, costMs, sendMs, areArriving, dueMonoMs) => {
    expect(passDueMonoMs({ endedMonoMs: 1_000, costMs, sendMs }, areArriving, 250)).toBe(dueMonoMs);
  });

  it('[PE1] an idle gateway owes nothing', () => {
    expect(passDueMonoMs({ ...never, sendMs: 0 }, false, 250)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('isArriving', () => {
  it('[PE1] a client is expected until maxCoalesceMs after it came', () => {
    expect(isArriving(1_000, 1_249, 250)).toBe(true);
    expect(isArriving(1_000, 1_250, 250)).toBe(false);
    expect(isArriving(Number.NEGATIVE_INFINITY, 0, 250)).toBe(false);
  });
});
