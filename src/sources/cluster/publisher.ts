import type { Clock, Contribution, DelayTimers } from '../../core/index.ts';
import type { ClusterCounts } from './cluster-status.ts';
import type { Publication } from './engine.ts';
import type { MemberRecord } from './member-record.ts';

export interface PublisherOptions {
  readonly publish: (publication: Publication) => Promise<void>;
  /** What is to be published: the latest of each register, and the record of the member. */
  readonly outbox: { readonly take: () => readonly Contribution[]; readonly record: () => MemberRecord };
  /** A heartbeat was stored, with everything before it. */
  readonly beaten?: (record: MemberRecord) => void;
  readonly delay: DelayTimers;
  readonly clock: Clock;
  readonly replicateMs: number;
  readonly counts: ClusterCounts;
}

/** Most contributions of one part of an announcement. */
export const partSize = 250;

/**
 * Publishes what changed: at once after a quiet time, and under load at most once per `replicateMs` and one at a time, so that a
 * slow engine gets fewer and larger publications, of the latest state only.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  #isPaused = true;
  #isBusy = false;
  #isWaiting = false;
  #owesBeat = false;
  #lastMonoMs = Number.NEGATIVE_INFINITY;
  /** Counts announcements: one stops when another has begun. */
  #turn = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** There is something to publish. */
  wake(): void {
    if (this.#isPaused || this.#isWaiting || this.#isBusy) return;
    this.#isWaiting = true;
    const { clock, delay, replicateMs } = this.#options;
    const waitMs = Math.max(0, this.#lastMonoMs + replicateMs - clock.now().monoMs);
    delay.after(waitMs, () => {
      this.#isWaiting = false;
      void this.#flush();
    });
  }

  /** Sends a heartbeat, with whatever there is to publish. */
  beat(): void {
    this.#owesBeat = true;
    this.wake();
  }

  /** Publishes everything in parts, and from then on what changes. */
  announce(everything: readonly Contribution[]): void {
    this.pause();
    void this.#announce(everything, ++this.#turn);
  }

  /** The engine cannot be used: publishes nothing until the next announcement. */
  pause(): void {
    this.#isPaused = true;
    this.#turn += 1;
  }

  /** Publishes a last time, at once. */
  async say(contributions: readonly Contribution[], record: MemberRecord): Promise<void> {
    await this.#publish({ contributions, record });
  }

  close(): void {
    this.pause();
  }

  async #announce(everything: readonly Contribution[], turn: number): Promise<void> {
    try {
      for (let start = 0; start < everything.length; start += partSize) {
        await this.#publish({ contributions: everything.slice(start, start + partSize) });
        if (turn !== this.#turn) return;
      }
      this.#isPaused = false;
      this.#isBusy = false;
      this.beat();
    } catch {
      // The engine reports by itself that it is disconnected, and an announcement follows when it is back.
    }
  }

  async #flush(): Promise<void> {
    if (this.#isPaused || this.#isBusy) return;
    const { outbox, clock } = this.#options;
    const contributions = outbox.take();
    if (contributions.length === 0 && !this.#owesBeat) return;
    const turn = this.#turn;
    const isBeat = this.#owesBeat;
    const record = outbox.record();
    this.#isBusy = true;
    this.#owesBeat = false;
    this.#lastMonoMs = clock.now().monoMs;
    let isPublished = true;
    try {
      await this.#publish({ contributions, record });
    } catch {
      isPublished = false;
    }
    if (turn !== this.#turn) return;
    this.#isBusy = false;
    // What came meanwhile; after a failure an announcement follows.
    if (isPublished) this.wake();
    else this.pause();
    if (isPublished && isBeat) this.#options.beaten?.(record);
  }

  async #publish(publication: Publication): Promise<void> {
    const { publish, counts } = this.#options;
    await publish(publication);
    counts.publications += 1;
    counts.contributionsSent += publication.contributions.length;
  }
}
