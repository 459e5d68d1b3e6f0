import type { Clock, Timers } from '../../src/core/index.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';

/**
 * Time that passes `factor` times as fast, for real sockets: the monotonic half of the clock, and timers. The wall clock
 * is right, so that signatures are.
 */
export function fastTime(factor: number): { readonly clock: Clock; readonly timers: Timers } {
  const system = createSystemClock();
  return {
    clock: {
      now() {
        const { monoMs, wallMs } = system.now();
        return { monoMs: monoMs * factor, wallMs };
      },
    },
    timers: {
      after: (delayMs, run) => systemTimers.after(delayMs / factor, run),
      soon: systemTimers.soon,
    },
  };
}
