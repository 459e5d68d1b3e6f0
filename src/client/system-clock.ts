import type { Clock } from '../core/ports.ts';

/** The clocks of a browser or of Node: `performance.now()` never runs backwards, `Date.now()` is what people see. */
export const systemClock: Clock = {
  now: () => ({ monoMs: performance.now(), wallMs: Date.now() }),
};
