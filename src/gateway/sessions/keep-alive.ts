import type { Instant } from '../../core/index.ts';
import { type DeadlineEntry, DeadlineQueue } from '../time/deadline-queue.ts';
import type { PeriodicTask } from '../time/schedule.ts';

/** What keep-alive needs of a session. */
export interface KeptAlive {
  /** Sends a ping. */
  ping(): void;
  /** The ping that was sent at this moment was not answered. */
  lost(pingedMonoMs: number): void;
}

interface Watched<T> {
  readonly session: T;
  /** When the unanswered ping was sent. */
  pingedMonoMs: number | undefined;
  place: DeadlineEntry<Watched<T>> | undefined;
}

/** A session under keep-alive; give it back to {@link KeepAlive.answered} and {@link KeepAlive.remove}. */
export type KeptAlivePlace<T> = Watched<T>;

/**
 * Pings every connection once per interval and drops those that did not answer the last one (PR7).
 *
 * One queue for all of them; connections are pinged spread over the interval, as they came.
 */
export class KeepAlive<T extends KeptAlive> implements PeriodicTask {
  readonly #queue: DeadlineQueue<Watched<T>>;
  readonly #nowMonoMs: () => number;

  constructor(options: { intervalMs: number; nowMonoMs: () => number }) {
    this.#queue = new DeadlineQueue(options.intervalMs);
    this.#nowMonoMs = options.nowMonoMs;
  }

  add(session: T): KeptAlivePlace<T> {
    const watched: Watched<T> = { session, pingedMonoMs: undefined, place: undefined };
    watched.place = this.#queue.add(watched, this.#nowMonoMs());
    return watched;
  }

  remove(watched: KeptAlivePlace<T>): void {
    if (watched.place !== undefined) this.#queue.remove(watched.place);
  }

  /** A pong came in; returns the round trip in milliseconds, `undefined` when no ping was under way. */
  answered(watched: KeptAlivePlace<T>): number | undefined {
    if (watched.pingedMonoMs === undefined) return undefined;
    const rttMs = this.#nowMonoMs() - watched.pingedMonoMs;
    watched.pingedMonoMs = undefined;
    return rttMs;
  }

  run(now: Instant): number | undefined {
    for (const watched of this.#queue.due(now.monoMs)) {
      watched.place = this.#queue.add(watched, now.monoMs);
      if (watched.pingedMonoMs === undefined) {
        watched.pingedMonoMs = now.monoMs;
        watched.session.ping();
      } else watched.session.lost(watched.pingedMonoMs);
    }
    return this.#queue.nextMonoMs();
  }
}
