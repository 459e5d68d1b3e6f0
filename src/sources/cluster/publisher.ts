import type { Clock, Contribution, DelayTimers } from '../../core/index.ts';
import type { ClusterCounts } from './cluster-status.ts';
import type { Publication } from './engine.ts';
import type { MemberRecord } from './member-record.ts';

export interface PublisherOptions {
  readonly publish: (publication: Publication) => Promise<void>;
  /** What is to be said: the latest of each register, and who says it. */
  readonly outbox: { readonly take: () => readonly Contribution[]; readonly record: () => MemberRecord };
  /** A sign of life was stored, with everything up to it. */
  readonly beaten?: (record: MemberRecord) => void;
  readonly delay: DelayTimers;
  readonly clock: Clock;
  readonly replicateMs: number;
  readonly counts: ClusterCounts;
}

/** Most contributions of one part of an announcement. */
export const partSize = 250;

/**
 * Says what changed: at once after a quiet time, and under load at most once per `replicateMs` and one at a time, so that a
 * slow engine gets fewer and larger publications, of the latest state only.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  #isPaused = true;
  #isBusy = false;
  #isWaiting = false;
  #owesBeat = false;
  #lastMonoMs = Number.NEGATIVE_INFINITY;
  /** Counts announcements: one that was overtaken by another stops. */
  #turn = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** There is something to say. */
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

  /** Gives a sign of life, with whatever there is to say. */
  beat(): void {
    this.#owesBeat = true;
    this.wake();
  }

  /** Says everything in parts, and from then on what changes. */
  announce(everything: readonly Contribution[]): void {
    this.pause();
    void this.#announce(everything, ++this.#turn);
  }

  /** The engine cannot be used: says nothing until the next announcement. */
  pause(): void {
    this.#isPaused = true;
    this.#turn += 1;
  }

  /** Says something now, as the last thing. */
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
      // The engine says itself that it is lost, and an announcement follows when it is back.
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
