import type { Instant } from '../../core/index.ts';
import { type DeadlineEntry, DeadlineQueue } from '../time/deadline-queue.ts';
import type { PeriodicTask } from '../time/schedule.ts';

/** What keep-alive needs of a session, and notes of it: a record of its own would be a good part of an idle session. */
export interface KeptAlive<T> {
  /** Monotonic moment of the ping that is not answered yet. */
  pingedMonoMs: number | undefined;
  /** Its place among those that are to be pinged. */
  pingDue: DeadlineEntry<T> | undefined;
  /** Sends a ping. */
  ping(): void;
  /** The ping that was sent at this moment was not answered. */
  lost(pingedMonoMs: number): void;
}

/**
 * Pings every connection once per interval and drops those that did not answer the last one (PR7).
 *
 * One queue for all of them; connections are pinged spread over the interval, as they came.
 */
export class KeepAlive<T extends KeptAlive<T>> implements PeriodicTask {
  readonly #queue: DeadlineQueue<T>;
  readonly #nowMonoMs: () => number;

  constructor(options: { intervalMs: number; nowMonoMs: () => number }) {
    this.#queue = new DeadlineQueue(options.intervalMs);
    this.#nowMonoMs = options.nowMonoMs;
  }

  add(session: T): void {
    session.pingDue = this.#queue.add(session, this.#nowMonoMs());
  }

  /** Harmless for a session that was not added. */
  remove({ pingDue }: T): void {
    if (pingDue !== undefined) this.#queue.remove(pingDue);
  }

  /** A pong came in; returns the round trip in milliseconds, `undefined` when no ping was under way. */
  answered(session: T): number | undefined {
    if (session.pingedMonoMs === undefined) return undefined;
    const rttMs = this.#nowMonoMs() - session.pingedMonoMs;
    session.pingedMonoMs = undefined;
    return rttMs;
  }

  run(now: Instant): number | undefined {
    for (const session of this.#queue.due(now.monoMs)) {
      session.pingDue = this.#queue.add(session, now.monoMs);
      if (session.pingedMonoMs === undefined) {
        session.pingedMonoMs = now.monoMs;
        session.ping();
      } else session.lost(session.pingedMonoMs);
    }
    return this.#queue.nextMonoMs();
  }
}
