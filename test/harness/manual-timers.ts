import type { Timers } from '../../src/gateway/index.ts';
import type { ManualClock } from './manual-clock.ts';

interface Waiting {
  readonly dueMonoMs: number;
  readonly run: () => void;
}

/** How a {@link ManualTimers} runs immediates. */
export interface ManualTimersOptions {
  /** `by-hand` (default): when the test ends the turn or time passes; `immediate`: after this turn, for real sockets. */
  readonly soon?: 'by-hand' | 'immediate';
}

/** Timers that fire only when the test lets time pass on the clock they belong to. */
export class ManualTimers implements Timers {
  readonly #clock: ManualClock;
  readonly #isImmediate: boolean;
  readonly #waiting = new Set<Waiting>();
  #soon: (() => void)[] = [];

  constructor(clock: ManualClock, { soon = 'by-hand' }: ManualTimersOptions = {}) {
    this.#clock = clock;
    this.#isImmediate = soon === 'immediate';
  }

  /** Timers that have not fired. */
  get waiting(): number {
    return this.#waiting.size;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMonoMs: this.#clock.monoMs + delayMs, run };
    this.#waiting.add(timer);
    return () => void this.#waiting.delete(timer);
  }

  soon(run: () => void): void {
    this.#soon.push(run);
    if (this.#isImmediate) setImmediate(() => this.#runIfQueued(run));
  }

  /** Ends the turn: runs immediates, and those that they schedule. */
  runSoon(): void {
    while (this.#soon.length > 0) for (const run of this.#soon.splice(0)) run();
  }

  /**
   * Lets time pass, after the end of this turn: nothing that is under way takes that time.
   * Every timer fires at its own moment, in order.
   */
  advance(ms: number): void {
    const endMonoMs = this.#clock.monoMs + ms;
    this.runSoon();
    for (let next = this.#next(); next !== undefined && next.dueMonoMs <= endMonoMs; next = this.#next()) {
      this.#waiting.delete(next);
      this.#clock.advance(Math.max(0, next.dueMonoMs - this.#clock.monoMs));
      next.run();
      this.runSoon();
    }
    // A callback may have advanced the clock itself.
    this.#clock.advance(Math.max(0, endMonoMs - this.#clock.monoMs));
  }

  /** The machine sleeps: time passes, and timers that fell due fire late, all at the end. */
  sleep(ms: number): void {
    this.runSoon();
    this.#clock.advance(ms);
    this.advance(0);
  }

  /** Runs a queued immediate, unless it has run already since it was scheduled. */
  #runIfQueued(run: () => void): void {
    const index = this.#soon.indexOf(run);
    if (index === -1) return;
    this.#soon.splice(index, 1);
    run();
  }

  #next(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const timer of this.#waiting) {
      if (first === undefined || timer.dueMonoMs < first.dueMonoMs) first = timer;
    }
    return first;
  }
}
