/** How far the gateway's clock is from a local monotonic one, from the moments that the gateway sends (PS2). */
export interface ClockOffset {
  /** Adds a sample: the gateway sent `serverMs`, and it arrived at `localMonoMs`. */
  sample(serverMs: number, localMonoMs: number): void;
  /** The gateway's clock at `localMonoMs`; undefined before the first sample. */
  serverNowMs(localMonoMs: number): number | undefined;
  /** Drops all samples: another gateway may answer now. */
  reset(): void;
}

/** Number of samples that count: a step of the gateway's clock is followed after as many messages. */
const sampleCount = 8;

/**
 * Estimates the gateway's clock.
 *
 * A message is always late, never early, so of the latest samples the one that arrived soonest, which gives the
 * greatest offset, is the most exact. A local wall clock that is wrong or jumps does not matter.
 */
export function createClockOffset(): ClockOffset {
  let offsetsMs: number[] = [];
  return {
    sample(serverMs, localMonoMs) {
      offsetsMs.push(serverMs - localMonoMs);
      if (offsetsMs.length > sampleCount) offsetsMs.shift();
    },
    serverNowMs(localMonoMs) {
      return offsetsMs.length === 0 ? undefined : Math.round(Math.max(...offsetsMs) + localMonoMs);
    },
    reset() {
      offsetsMs = [];
    },
  };
}
