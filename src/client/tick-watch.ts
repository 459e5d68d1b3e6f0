/** Detects a connection on which nothing arrives any more. */
export interface TickWatch {
  /** Starts for a connection with a tick every `tickIntervalMs`. */
  start(tickIntervalMs: number): void;
  /** Called when anything arrived. */
  seen(): void;
  stop(): void;
}

/** Calls `onSilence` once when nothing arrived for two tick intervals. */
export function createTickWatch(deps: { monoMs(): number; onSilence(): void }): TickWatch {
  let timer: ReturnType<typeof setInterval> | undefined;
  let seenMs = 0;
  const stop = (): void => clearInterval(timer);
  return {
    start(tickIntervalMs) {
      stop();
      seenMs = deps.monoMs();
      timer = setInterval(() => {
        if (deps.monoMs() - seenMs < 2 * tickIntervalMs) return;
        stop();
        deps.onSilence();
      }, tickIntervalMs);
    },
    seen() {
      seenMs = deps.monoMs();
    },
    stop,
  };
}
