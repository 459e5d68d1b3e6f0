import type { Change } from '../../core/index.ts';

/**
 * The latest changes of the roster, so that a reader who was away for a moment can go on where it was (PE3).
 *
 * Bounded: after `capacity` changes the oldest are forgotten, and who needs them starts from a snapshot.
 */
export class ChangeLog {
  readonly #capacity: number;
  #changes: Change[] = [];
  /** Everything after this version is known. */
  #completeSince: number;

  constructor(options: { capacity: number; version: number }) {
    this.#capacity = options.capacity;
    this.#completeSince = options.version;
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) this.#changes.push(change);
    // Cut in large steps, so that adding costs O(1) on average.
    if (this.#changes.length > 2 * this.#capacity) this.#forget(this.#changes.length - this.#capacity);
  }

  /** The last change of each row after `version`, or `undefined` when they are no longer all known. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.#completeSince) return undefined;
    const latest = new Map<string, Change>();
    for (const change of this.#changes) if (change.version > version) latest.set(change.key, change);
    return [...latest.values()];
  }

  #forget(count: number): void {
    this.#completeSince = this.#changes[count - 1]?.version ?? this.#completeSince;
    this.#changes = this.#changes.slice(count);
  }
}
