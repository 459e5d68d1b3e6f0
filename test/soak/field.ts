import type { Findings } from './findings.ts';
import type { Random } from './random.ts';

/** What everybody in a soak run has at hand. */
export interface Field {
  /** `ws://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  readonly findings: Findings;
}

/** Somebody who puts load on the gateway. */
export interface Actor {
  /** Acts until the moment, then leaves nothing behind; milliseconds as `Date.now()` counts them. */
  round(endMs: number): Promise<void>;
}

/** Makes an actor that does one thing again and again, with a pause of at most `pauseMs` between. */
export function repeating(options: {
  readonly random: Random;
  readonly pauseMs: number;
  readonly act: () => Promise<void>;
}): Actor {
  const { random, pauseMs, act } = options;
  return {
    async round(endMs) {
      while (Date.now() < endMs) {
        await act();
        await pause(random.below(pauseMs));
      }
    },
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
