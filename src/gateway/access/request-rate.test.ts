import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestRate } from './request-rate.ts';

function allowed(rate: RequestRate, monoMs: number, requests: number): number {
  let count = 0;
  for (let request = 0; request < requests; request += 1) if (rate.take(monoMs) === 0) count += 1;
  return count;
}

describe('the rate of requests', () => {
  it('[PL3] lets a burst pass at once, then so many per second', () => {
    const rate = new RequestRate({ requestsPerSecond: 200, requestBurst: 1_000 });
    expect(allowed(rate, 0, 5_000)).toBe(1_000);
    expect(rate.take(0)).toBeCloseTo(5);
    expect(allowed(rate, 1_000, 5_000)).toBe(200);
    expect(allowed(rate, 1_005, 5_000)).toBe(1);
  });

  it('[PL3] fills up while nothing is sent, and not beyond the burst', () => {
    const rate = new RequestRate({ requestsPerSecond: 10, requestBurst: 5 });
    expect(allowed(rate, 0, 10)).toBe(5);
    expect(allowed(rate, 3_600_000, 10)).toBe(5);
  });

  it('[PL3] returns when the next request is accepted: then it is', () => {
    const rate = new RequestRate({ requestsPerSecond: 7, requestBurst: 3 });
    allowed(rate, 0, 3);
    const waitMs = rate.take(0);
    expect(waitMs).toBeGreaterThan(0);
    expect(rate.take(waitMs)).toBe(0);
  });

  it('[PL3] 0 is no limit', () => {
    expect(allowed(new RequestRate({ requestsPerSecond: 0, requestBurst: 1 }), 0, 10_000)).toBe(10_000);
  });

  it('[PL3] never lets more pass in any span than the burst and what the span adds', () => {
    const limits = fc.record({
      requestsPerSecond: fc.integer({ min: 1, max: 1_000 }),
      requestBurst: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(limits, fc.array(fc.nat(200), { maxLength: 200 }), (limit, gaps) => {
        const rate = new RequestRate(limit);
        const passedMs: number[] = [];
        let nowMs = 0;
        for (const gapMs of gaps) {
          nowMs += gapMs;
          if (rate.take(nowMs) === 0) passedMs.push(nowMs);
        }
        for (const [index, startMs] of passedMs.entries()) {
          const spanMs = nowMs - startMs;
          const most = limit.requestBurst + (spanMs * limit.requestsPerSecond) / 1000 + 0.01;
          expect(passedMs.length - index).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});
