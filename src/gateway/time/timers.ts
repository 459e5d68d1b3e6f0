import type { Timers } from '../../core/index.ts';

/** Timers of the platform. They keep the process alive no longer than its sockets do. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon(run) {
    setImmediate(run);
  },
};
