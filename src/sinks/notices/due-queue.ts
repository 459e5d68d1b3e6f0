/** Something that falls due; when `dueMonoMs` changes while it waits, {@link DueQueue.push} must be called. */
export interface Due {
  dueMonoMs: number;
}

interface Entry<T> {
  readonly atMonoMs: number;
  readonly order: number;
  readonly item: T;
}

/**
 * A priority queue by due moment, O(log n) per call; equal moments in the order of insertion.
 *
 * An item whose moment changed leaves a stale entry, which is skipped when it is reached.
 */
export class DueQueue<T extends Due> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  /** The moment of the first item; `undefined` when nothing waits. */
  get nextMonoMs(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.atMonoMs;
  }

  /** Inserts an item at its moment. An item that is never due has an infinite moment, and is left out. */
  push(item: T): void {
    if (item.dueMonoMs === Number.POSITIVE_INFINITY) return;
    const heap = this.#heap;
    heap.push({ atMonoMs: item.dueMonoMs, order: this.#order++, item });
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Moves an item to another moment. */
  schedule(item: T, dueMonoMs: number): void {
    if (item.dueMonoMs === dueMonoMs) return;
    item.dueMonoMs = dueMonoMs;
    this.push(item);
  }

  /** Takes the first item that is due at a moment; it is not in the queue until it is inserted again. */
  take(monoMs: number): T | undefined {
    this.#dropStale();
    const first = this.#heap[0];
    if (first === undefined || first.atMonoMs > monoMs) return undefined;
    this.#dropFirst();
    first.item.dueMonoMs = Number.POSITIVE_INFINITY;
    return first.item;
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.item.dueMonoMs === first.atMonoMs) return;
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    let index = 0;
    while (true) {
      const left = 2 * index + 1;
      if (left >= heap.length) return;
      const least = left + 1 < heap.length && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(least, index)) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const a = this.#heap[left] as Entry<T>;
    const b = this.#heap[right] as Entry<T>;
    return a.atMonoMs < b.atMonoMs || (a.atMonoMs === b.atMonoMs && a.order < b.order);
  }

  #swap(left: number, right: number): void {
    const entry = this.#heap[left] as Entry<T>;
    this.#heap[left] = this.#heap[right] as Entry<T>;
    this.#heap[right] = entry;
  }
}
