/** Runs things later. Injected, so that tests advance time by hand. */
export interface Timers {
  /** Runs `run` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs `run` in this turn of the event loop, after what is already being received. */
  soon(run: () => void): void;
}

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
