import type { Contribution } from './contribution.ts';
import type { MergedRow } from './merged-rows.ts';
import type { Instant } from './ports.ts';
import { RecencyList } from './recency-list.ts';

/** A tombstone: a register that says there is nothing. */
export interface Grave {
  readonly row: MergedRow;
  readonly contribution: Contribution;
}

interface DatedGrave extends Grave {
  readonly dugMonoMs: number;
}

/** Tombstones in order of age; one is kept for `ttlMs`, since older news of its row would expire by then as well. */
export class GraveYard {
  readonly #options: { readonly ttlMs: number; readonly capacity: number };
  readonly #graves = new RecencyList<DatedGrave>();

  /** @param options `capacity`: most tombstones; the oldest go first. */
  constructor(options: { readonly ttlMs: number; readonly capacity: number }) {
    this.#options = options;
  }

  get size(): number {
    return this.#graves.size;
  }

  add(grave: Grave, now: Instant): void {
    this.#graves.add({ ...grave, dugMonoMs: now.monoMs });
  }

  /** Takes out what is too old or too much. */
  *due({ monoMs }: Instant): Generator<Grave, void, undefined> {
    for (let node = this.#graves.oldestNode; node !== undefined; node = this.#graves.oldestNode) {
      const isOld = monoMs - node.value.dugMonoMs > this.#options.ttlMs;
      if (!isOld && this.#graves.size <= this.#options.capacity) return;
      this.#graves.remove(node);
      yield node.value;
    }
  }
}
