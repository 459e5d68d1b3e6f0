import type { Clock, Instant, Logger, Timers } from '../../core/index.ts';

/** A task that is due from time to time. */
export interface PeriodicTask {
  /** Runs what is due and returns the monotonic moment of the next time, `undefined` for none yet. */
  run(now: Instant): number | undefined;
}

export interface ScheduleOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: readonly PeriodicTask[];
}

/** Longest time between two readings of the clock: a machine that slept, or whose clock was set, is noticed by then. */
const longestWaitMs = 1_000;

/**
 * One timer for everything that happens by itself: expiry, renewals, keep-alive, ticks, handshake deadlines.
 *
 * A timer per connection would cost memory and, after a sleep, fire late: here the clock is read at least once a
 * second, so that what is due is run within a second of its moment (PT2). A task that throws is logged once, until it
 * succeeds again, and run again a second later; the others are not affected.
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #failing = new Set<PeriodicTask>();
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Starts the timer; harmless when it runs already. */
  start(): void {
    if (this.#cancel === undefined) this.#runDue();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #runDue(): void {
    if (this.#closed) return;
    const { clock, timers, tasks } = this.#options;
    const now = clock.now();
    let dueMs = now.monoMs + longestWaitMs;
    for (const task of tasks) dueMs = Math.min(dueMs, this.#run(task, now) ?? dueMs);
    const waitMs = Math.max(1, Math.ceil(dueMs - now.monoMs));
    this.#cancel = timers.after(waitMs, () => this.#runDue());
  }

  #run(task: PeriodicTask, now: Instant): number | undefined {
    try {
      const dueMs = task.run(now);
      this.#failing.delete(task);
      return dueMs;
    } catch (error) {
      if (!this.#failing.has(task)) this.#options.logger.error({ err: error }, 'a periodic task failed');
      this.#failing.add(task);
      return undefined;
    }
  }
}
