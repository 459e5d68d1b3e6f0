import { RecencyList, type RecencyNode } from '../../core/index.ts';

interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

/** One value for each of many keys, the latest of them: beyond `max` the one that was taken longest ago is dropped. O(1). */
export class RecentValues<T> {
  readonly #max: number;
  readonly #byKey = new Map<string, RecencyNode<Kept<T>>>();
  readonly #byAge = new RecencyList<Kept<T>>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#byAge.size;
  }

  /** The value of a key, created when there is none; it counts as taken now. */
  take(key: string, make: () => T): T {
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      this.#byAge.renew(known);
      return known.value.value;
    }
    if (this.#byAge.size >= this.#max) this.#dropOldest();
    const value = make();
    this.#byKey.set(key, this.#byAge.add({ key, value }));
    return value;
  }

  /** The value of a key, if there is one; it does not count as taken. */
  look(key: string): T | undefined {
    return this.#byKey.get(key)?.value.value;
  }

  #dropOldest(): void {
    const oldest = this.#byAge.oldestNode;
    if (oldest === undefined) return;
    this.#byAge.remove(oldest);
    this.#byKey.delete(oldest.value.key);
  }
}
