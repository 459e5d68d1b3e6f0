import type { Contribution, Logger, PresenceRoster, Stamp } from '../../core/index.ts';
import type { ClusterClock } from './cluster-clock.ts';
import type { ClusterCounts } from './cluster-status.ts';
import type { Engine } from './engine.ts';
import { lostRegisters, staleRegisters } from './own-repair.ts';
import { partSize } from './publisher.ts';
import { annotationContributions, type SharedAnnotations } from './shared-annotations.ts';

export interface OutboxOptions {
  readonly engine: Engine;
  readonly roster: PresenceRoster;
  readonly annotations?: SharedAnnotations;
  readonly clock: ClusterClock;
  readonly logger: Logger;
  readonly counts: ClusterCounts;
}

/** What an engine lost of what it was sent. */
export type Comparison =
  | { readonly kind: 'same' }
  /** It is sent with the next publication. */
  | { readonly kind: 'some' }
  /** Too much for that: everything must be announced, with what the engine shows and this member does not have. */
  | { readonly kind: 'much'; readonly stale: readonly Contribution[] };

/** What a member publishes: what changed here, and again what the engine lost and is still valid (PC12). */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Own registers that the engine lost, by key, until they are sent again. */
  #repairs = new Map<string, Contribution>();
  /** Registers that the engine had lost at the last check. */
  #lost = { rows: 0, sinceMs: 0 };

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** True when there is something to publish. */
  get hasNews(): boolean {
    const { roster, annotations } = this.#options;
    return roster.hasContributions || annotations?.hasOutgoing === true;
  }

  /** Rows that the engine had lost at the last check; since when, milliseconds since the epoch. */
  get lost(): { readonly rows: number; readonly sinceMs: number } {
    return this.#lost;
  }

  /** What changed since the last time, with repairs. */
  take(): readonly Contribution[] {
    const { roster, annotations } = this.#options;
    const rows = roster.takeContributions();
    const records = annotations?.hasOutgoing === true ? annotations.takeOutgoing() : [];
    const news = records.length === 0 ? rows : [...rows, ...annotationContributions(records)];
    if (this.#repairs.size === 0) return news;
    for (const { key } of news) this.#repairs.delete(key);
    const repairs = [...this.#repairs.values()];
    this.#repairs = new Map();
    return [...repairs, ...news];
  }

  /** Everything that this member has; removes what the engine holds of it and is no longer valid. */
  everything(stored: readonly Contribution[]): readonly Contribution[] {
    const { roster, annotations, clock } = this.#options;
    roster.takeContributions();
    this.#repairs.clear();
    const retracted = roster.retract(stored, clock.now());
    const records = annotationContributions(annotations?.everything() ?? []);
    return [...roster.everything(), ...retracted, ...records];
  }

  /**
   * Checks whether the engine holds what this member published up to a stamp.
   *
   * @param isUsable called again when the engine has answered.
   */
  async compare(asOf: Stamp, isUsable: () => boolean): Promise<Comparison> {
    const { engine, roster, clock, counts, logger } = this.#options;
    // It may disconnect meanwhile, which it reports by itself.
    const stored = await engine.stored(roster.memberId).catch(() => undefined);
    if (stored === undefined || !isUsable()) return { kind: 'same' };
    const own = roster.everything();
    const lost = lostRegisters(own, stored, asOf);
    const stale = roster.retract(staleRegisters(own, stored, asOf), clock.now());
    const sinceMs = this.#lost.rows === 0 ? Math.round(clock.now().wallMs) : this.#lost.sinceMs;
    this.#lost = { rows: lost.length + stale.length, sinceMs };
    if (this.#lost.rows === 0) return { kind: 'same' };
    counts.repairs += this.#lost.rows;
    logger.warn(
      { engine: engine.kind, lost: lost.length, stale: stale.length },
      'the cluster engine lost rows of this gateway; they are published again',
    );
    if (this.#lost.rows > partSize) return { kind: 'much', stale };
    for (const contribution of [...lost, ...stale]) this.#repairs.set(contribution.key, contribution);
    return { kind: 'some' };
  }
}
