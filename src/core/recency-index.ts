/** One place in a {@link RecencyIndex}: it holds a value, and is all that the index needs of it. */
export class IndexNode<T> {
  readonly key: string;
  readonly value: T;
  /** The next of the same key; next to the oldest is the newest again. */
  older: IndexNode<T> = this;
  newer: IndexNode<T> = this;

  constructor(key: string, value: T) {
    this.key = key;
    this.value = value;
  }
}

/**
 * Values by a key that several of them may have, the newest first; every operation costs O(1).
 *
 * The values of a key are a ring, so that a key with one value, as nearly every key has, takes one node and nothing else.
 */
export class RecencyIndex<T> {
  readonly #newest = new Map<string, IndexNode<T>>();

  /** The newest value of a key. */
  newest(key: string): T | undefined {
    return this.#newest.get(key)?.value;
  }

  /**
   * Makes a value the newest of a key, or takes it out.
   *
   * @param node where it was, if anywhere.
   * @param key `undefined` takes it out.
   * @returns where it is now.
   */
  place(node: IndexNode<T> | undefined, key: string | undefined, value: T): IndexNode<T> | undefined {
    if (node !== undefined && node.key === key) {
      this.#renew(node);
      return node;
    }
    if (node !== undefined) this.#unlink(node);
    if (key === undefined) return undefined;
    const added = new IndexNode(key, value);
    this.#link(added);
    return added;
  }

  #renew(node: IndexNode<T>): void {
    if (this.#newest.get(node.key) === node) return;
    this.#unlink(node);
    this.#link(node);
  }

  /** Makes a node that is in no ring the newest of its key. */
  #link(node: IndexNode<T>): void {
    const older = this.#newest.get(node.key) ?? node;
    const { newer } = older;
    older.newer = node;
    newer.older = node;
    node.older = older;
    node.newer = newer;
    this.#newest.set(node.key, node);
  }

  #unlink(node: IndexNode<T>): void {
    const { key, older, newer } = node;
    if (older === node) this.#newest.delete(key);
    else if (this.#newest.get(key) === node) this.#newest.set(key, older);
    older.newer = newer;
    newer.older = older;
  }
}
