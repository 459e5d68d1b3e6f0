import type { DelayTimers } from '../core/index.ts';

/** Timers of the platform, which keep an agent running while it waits for its gateway. */
export const systemTimers: DelayTimers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
