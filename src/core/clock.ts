import type { Instant } from './instant.ts';

/** Reads both clocks at once. Injected everywhere; tests advance a manual one. */
export interface Clock {
  now(): Instant;
}
