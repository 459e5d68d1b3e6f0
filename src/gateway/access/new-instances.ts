import type { Outcome } from '../../core/index.ts';
import { newInstancesLimited, type WireError } from '../../protocol/index.ts';

/** The time over which new instances of a credential are counted, milliseconds. */
const windowMs = 60_000;
/** Most credentials that are kept; beyond it those whose minute is over are dropped. */
const manyCredentials = 2_000;

/** What one credential made since the beginning of its minute. */
interface Window {
  readonly beginMonoMs: number;
  count: number;
}

/**
 * Bounds how many new rows one credential makes in a minute, by connecting and by beacons (PT3): whoever has a token cannot fill the
 * list and the journal with ids that it invents. Rows that are listed already are never refused.
 */
export class NewInstances {
  readonly #perMinute: number;
  readonly #nowMonoMs: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(options: {
    /** 0 is no limit. */
    readonly maxNewInstancesPerMinute: number;
    readonly nowMonoMs: () => number;
  }) {
    this.#perMinute = options.maxNewInstancesPerMinute;
    this.#nowMonoMs = options.nowMonoMs;
  }

  /** Number of credentials that are kept. */
  get size(): number {
    return this.#windows.size;
  }

  /** Why a credential may not write a row; `isNew` is called only when its number is used up. */
  refusal(credential: string, isNew: () => boolean): WireError | undefined {
    if (this.#perMinute === 0) return undefined;
    const window = this.#windows.get(credential);
    if (window === undefined || window.count < this.#perMinute) return undefined;
    const waitMs = window.beginMonoMs + windowMs - this.#nowMonoMs();
    return waitMs > 0 && isNew() ? newInstancesLimited(waitMs) : undefined;
  }

  /** Counts the rows that an update made. */
  count(credential: string, outcome: Outcome): void {
    if (this.#perMinute === 0 || 'refusal' in outcome) return;
    for (const change of outcome.changes) {
      if (change.kind === 'upsert' && change.previous === undefined) this.#windowOf(credential).count += 1;
    }
  }

  #windowOf(credential: string): Window {
    const nowMonoMs = this.#nowMonoMs();
    const known = this.#windows.get(credential);
    if (known !== undefined && nowMonoMs - known.beginMonoMs < windowMs) return known;
    if (this.#windows.size >= manyCredentials) this.#dropExpired(nowMonoMs);
    const window = { beginMonoMs: nowMonoMs, count: 0 };
    this.#windows.set(credential, window);
    return window;
  }

  #dropExpired(nowMonoMs: number): void {
    for (const [credential, { beginMonoMs }] of this.#windows)
      if (nowMonoMs - beginMonoMs >= windowMs) this.#windows.delete(credential);
  }
}
