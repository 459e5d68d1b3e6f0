import type { Clock, Timers } from '../../src/core/index.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';

/** Time for real sockets that the test can hasten; the wall clock is right, so that signatures are. */
export interface FastTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** So many milliseconds pass at once; timers that were set before do not see it. */
  skip(ms: number): void;
}

/** Time whose monotonic half, timers included, passes `factor` times as fast. */
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
