import type { Change } from '../../core/index.ts';

/**
 * The last change of each row, so that a reader who was away for a moment can go on where it was (PE3).
 *
 * Bounded: beyond `capacity` rows those that changed longest ago are forgotten, and who needs them starts from a snapshot.
 * Former changes of a row are not kept: their views would survive every collection of young garbage (docs/decisions/0016).
 */
export class ChangeLog {
  readonly #capacity: number;
  /** By key, in the order in which rows changed last. */
  readonly #changes = new Map<string, Change>();
  /** Everything after this version is known. */
  #completeSince: number;

  constructor(options: { capacity: number; version: number }) {
    this.#capacity = options.capacity;
    this.#completeSince = options.version;
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      // Deleted first, so that the row moves to the end.
      this.#changes.delete(change.key);
      this.#changes.set(change.key, change);
    }
    // Cut in large steps, so that adding costs O(1) on average.
    if (this.#changes.size > 2 * this.#capacity) this.#forget(this.#changes.size - this.#capacity);
  }

  /** The last change of each row after `version`, oldest first, or `undefined` when they are no longer all known. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.#completeSince) return undefined;
    return [...this.#changes.values()].filter((change) => change.version > version);
  }

  #forget(count: number): void {
    let left = count;
    for (const [key, { version }] of this.#changes) {
      if (left === 0) return;
      left -= 1;
      this.#completeSince = version;
      this.#changes.delete(key);
    }
  }
}
