import type { Clock, Instant, Timers } from '../../core/index.ts';

/** Something that is due from time to time. */
export interface Chore {
  /** Does what is due and returns the monotonic moment of the next time, `undefined` for none yet. */
  work(now: Instant): number | undefined;
}

/** Longest time between two looks at the clock: a machine that slept, or whose clock was set, is noticed by then. */
const longestWaitMs = 1_000;

/**
 * One timer for everything that happens by itself: expiry, renewals, keep-alive, ticks, handshake deadlines.
 *
 * A timer per connection would cost memory and, after a sleep, fire late: here the clock is asked at least once a
 * second, so that what is due is done within a second of its moment (PT2).
 */
export class Schedule {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #chores: readonly Chore[];
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(clock: Clock, timers: Timers, chores: readonly Chore[]) {
    this.#clock = clock;
    this.#timers = timers;
    this.#chores = chores;
  }

  /** Starts the timer; harmless when it runs already. */
  start(): void {
    if (this.#cancel === undefined) this.#run();
  }

  #run(): void {
    if (this.#closed) return;
    const now = this.#clock.now();
    let dueMs = now.monoMs + longestWaitMs;
    for (const chore of this.#chores) dueMs = Math.min(dueMs, chore.work(now) ?? dueMs);
    const waitMs = Math.max(1, Math.ceil(dueMs - now.monoMs));
    this.#cancel = this.#timers.after(waitMs, () => this.#run());
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }
}
