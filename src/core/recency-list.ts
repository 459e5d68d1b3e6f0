/** One place in a {@link RecencyList}; keep it to move or remove the value in O(1). */
export interface RecencyNode<T> {
  readonly value: T;
  /** Where it is. */
  readonly list: RecencyList<T>;
  older: RecencyNode<T> | undefined;
  newer: RecencyNode<T> | undefined;
}

/**
 * A doubly linked list from oldest to newest.
 *
 * Adding, moving to the newest end, removing and looking at either end cost O(1). A `Map` in insertion order does
 * not: a map that is used as a queue keeps the holes of deleted keys at its front until it is rehashed, and every
 * look at its first key walks over them (docs/decisions/0002-recency-list.md).
 */
export class RecencyList<T> {
  #oldest: RecencyNode<T> | undefined;
  #newest: RecencyNode<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): T | undefined {
    return this.#oldest?.value;
  }

  /** The place of the oldest value. */
  get oldestNode(): RecencyNode<T> | undefined {
    return this.#oldest;
  }

  /** The place of the newest value. */
  get newestNode(): RecencyNode<T> | undefined {
    return this.#newest;
  }

  get newest(): T | undefined {
    return this.#newest?.value;
  }

  /** Adds a value at the newest end. */
  add(value: T): RecencyNode<T> {
    const node: RecencyNode<T> = { value, list: this, older: undefined, newer: undefined };
    this.#append(node);
    return node;
  }

  /** Adds a value at the oldest end. */
  addOldest(value: T): RecencyNode<T> {
    const node: RecencyNode<T> = { value, list: this, older: undefined, newer: this.#oldest };
    if (this.#oldest === undefined) this.#newest = node;
    else this.#oldest.older = node;
    this.#oldest = node;
    this.#size += 1;
    return node;
  }

  /**
   * Adds a value where it belongs, looking from the newest end: O(1) for what is about as new as the newest.
   *
   * @param isNewer a strict order, by which the whole list is sorted.
   */
  insert(value: T, isNewer: (a: T, b: T) => boolean): RecencyNode<T> {
    let newer: RecencyNode<T> | undefined;
    let older = this.#newest;
    while (older !== undefined && isNewer(older.value, value)) {
      newer = older;
      older = older.older;
    }
    if (newer === undefined) return this.add(value);
    const node: RecencyNode<T> = { value, list: this, older, newer };
    newer.older = node;
    if (older === undefined) this.#oldest = node;
    else older.newer = node;
    this.#size += 1;
    return node;
  }

  /** True for a node of this list whose value belongs where it is, by the order by which the whole list is sorted. */
  isInOrder({ value, older, newer }: RecencyNode<T>, isNewer: (a: T, b: T) => boolean): boolean {
    if (older !== undefined && !isNewer(value, older.value)) return false;
    return newer === undefined || isNewer(newer.value, value);
  }

  /** Moves a node of this list to the newest end. */
  renew(node: RecencyNode<T>): void {
    if (node === this.#newest) return;
    this.#unlink(node);
    this.#append(node);
  }

  /** Takes a node of this list out; it must not be used again. */
  remove(node: RecencyNode<T>): void {
    this.#unlink(node);
  }

  /** Values from newest to oldest. The list must not change meanwhile. */
  *newestFirst(): Generator<T, void, undefined> {
    for (let node = this.#newest; node !== undefined; node = node.older) yield node.value;
  }

  #append(node: RecencyNode<T>): void {
    node.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = node;
    else this.#newest.newer = node;
    this.#newest = node;
    this.#size += 1;
  }

  #unlink(node: RecencyNode<T>): void {
    if (node.older === undefined) this.#oldest = node.newer;
    else node.older.newer = node.newer;
    if (node.newer === undefined) this.#newest = node.older;
    else node.newer.older = node.older;
    node.older = undefined;
    node.newer = undefined;
    this.#size -= 1;
  }
}
