import type { Clock, Timers } from '../../src/core/index.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';

/** A clock for real sockets that the test can accelerate; the wall clock is right, so that signatures are valid. */
export interface FastTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Advances the clock by milliseconds at once; timers that were set before do not fire sooner. */
  skip(ms: number): void;
}

/** A clock whose monotonic half, timers included, runs `factor` times as fast. */
export function fastTime(factor: number): FastTime {
  const system = createSystemClock();
  let skippedMs = 0;
  return {
    clock: {
      now() {
        const { monoMs, wallMs } = system.now();
        return { monoMs: monoMs * factor + skippedMs, wallMs };
      },
    },
    timers: {
      after: (delayMs, run) => systemTimers.after(delayMs / factor, run),
      soon: systemTimers.soon,
    },
    skip(ms) {
      skippedMs += ms;
    },
  };
}
