import type { Logger } from '../../core/index.ts';

/** Most reasons of one outage that are logged. */
const mostReasons = 5;
/** An outage that lasts is logged again after this time, and then at twice the interval each time, milliseconds. */
const firstReminderMs = 10 * 60_000;

/**
 * Whether the engine can be used, since when, and if not why (PC4).
 *
 * The engine is tried again several times a second, so each reason is logged once per outage, and an outage that lasts at growing
 * intervals. One reason
 * may follow another: a server that restarts with another certificate is first unreachable and then not trusted.
 */
export class Outage {
  readonly #logger: Logger;
  readonly #engine: string;
  readonly #logged = new Set<string>();
  #isUp = false;
  #isUsable = false;
  #members = 0;
  #sinceMs: number;
  #reason: string | undefined = 'it was not reached yet';
  /** When the last line was logged, and after how long the next reminder is due. */
  #lastLineMs = 0;
  #reminderMs = firstReminderMs;

  /** It is down until {@link ended}; `wallMs`: since when, milliseconds since the epoch. */
  constructor(engine: string, wallMs: number, logger: Logger) {
    this.#engine = engine;
    this.#sinceMs = Math.round(wallMs);
    this.#logger = logger;
  }

  /** True while it can be read; whether it can be written is found out by writing. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /** The part of `status` about the engine. */
  get shown(): { readonly state: 'up' | 'down'; readonly sinceMs: number; readonly reason?: string } {
    const reason = this.#reason === undefined ? {} : { reason: this.#reason };
    return { state: this.#isUp ? 'up' : 'down', sinceMs: this.#sinceMs, ...reason };
  }

  /** The engine was read; `members` are in its snapshot. */
  wasRead(members: number): void {
    this.#isUsable = true;
    this.#members = members;
  }

  /** The engine stored something: only that ends an outage, since a server that is full can be read (PC16). */
  ended(wallMs: number): void {
    if (this.#isUp || !this.#isUsable) return;
    this.#sinceMs = Math.round(wallMs);
    this.#isUp = true;
    this.#reason = undefined;
    this.#logged.clear();
    this.#reminderMs = firstReminderMs;
    this.#logger.info({ engine: this.#engine, members: this.#members }, 'the cluster engine is reached');
  }

  /** The engine cannot be used. Returns true when it could be until now. */
  failed(wallMs: number, reason: string): boolean {
    const wasUp = this.#isUp;
    if (wasUp) this.#sinceMs = Math.round(wallMs);
    this.#isUp = false;
    this.#isUsable = false;
    this.#reason = reason;
    if (this.#logged.has(reason) || this.#logged.size === mostReasons) {
      this.#remind(wallMs, reason);
      return wasUp;
    }
    this.#logged.add(reason);
    this.#lastLineMs = wallMs;
    const what = wasUp ? 'is lost' : 'cannot be reached';
    this.#logger.warn(
      { engine: this.#engine, reason },
      `the cluster engine ${what}; this gateway goes on alone`,
    );
    return wasUp;
  }

  #remind(wallMs: number, reason: string): void {
    if (wallMs - this.#lastLineMs < this.#reminderMs) return;
    this.#lastLineMs = wallMs;
    this.#reminderMs *= 2;
    const since = new Date(this.#sinceMs).toISOString();
    this.#logger.warn({ engine: this.#engine, reason, since }, 'the cluster engine still cannot be used');
  }
}
