/** Does work once per frame, however often it is asked for; a hidden page, which draws no frames, has a timer. */
export interface FrameBatch {
  request(): void;
  close(): void;
}

/** Longest wait in a hidden page. */
const hiddenWaitMs = 250;

/** Makes a batch of `work`. */
export function createFrameBatch(work: () => void): FrameBatch {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
  };
  const run = (): void => {
    close();
    work();
  };
  return {
    request() {
      if (timer !== undefined) return;
      frame = requestAnimationFrame(run);
      timer = setTimeout(run, hiddenWaitMs);
    },
    close,
  };
}
