/** Order of two items: negative, zero for the same item, or positive. */
export type Compare<T> = (a: T, b: T) => number;

/** Strings by their code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A chunk that grows beyond this is split in two. */
const maxChunk = 512;
/** Chunks of a new list leave room, so that the next changes do not split them. */
const fill = 384;

/** Items in order, never empty. */
type Chunk<T> = readonly T[];

/**
 * An immutable list of unique items in the order of `compare`.
 *
 * A change copies the list of chunks and those that it touches and shares the rest, so it costs little at any size that a
 * roster has (copies of a few hundred pointers at 100 000 items), and earlier lists stay as they were.
 */
export class SortedList<T> {
  readonly size: number;
  readonly #compare: Compare<T>;
  readonly #chunks: readonly Chunk<T>[];

  private constructor(compare: Compare<T>, chunks: readonly Chunk<T>[], size: number) {
    this.#compare = compare;
    this.#chunks = chunks;
    this.size = size;
  }

  /** The list of these items, in any order; no two may be the same. */
  static of<T>(compare: Compare<T>, items: Iterable<T> = []): SortedList<T> {
    return SortedList.#ofSorted(compare, [...items].sort(compare));
  }

  static #ofSorted<T>(compare: Compare<T>, sorted: readonly T[]): SortedList<T> {
    const chunks: Chunk<T>[] = [];
    for (let from = 0; from < sorted.length; from += fill) chunks.push(sorted.slice(from, from + fill));
    return new SortedList(compare, chunks, sorted.length);
  }

  /** The item that compares as the same as `item`. */
  find(item: T): T | undefined {
    const chunk = this.#chunks[this.#chunkOf(item)] ?? [];
    const place = this.#placeIn(chunk, item);
    return this.#isAt(chunk, place, item) ? chunk[place] : undefined;
  }

  /** The list without `removed` (those that are in it) and with `added`, which replace items that are the same. */
  change(removed: readonly T[], added: readonly T[]): SortedList<T> {
    const count = removed.length + added.length;
    if (count === 0) return this;
    if (count * 8 > this.size) return this.#rebuild(removed, added);
    const chunks = this.#chunks.slice();
    let { size } = this;
    for (const item of removed) size += this.#remove(chunks, item);
    for (const item of added) size += this.#insert(chunks, item);
    return new SortedList(this.#compare, chunks, size);
  }

  /** The items from `from` on, at most `count`; chunks are skipped, not walked. */
  slice(from: number, count: number): readonly T[] {
    const items: T[] = [];
    let start = 0;
    for (const chunk of this.#chunks) {
      const first = Math.max(0, from - start);
      if (first < chunk.length) items.push(...chunk.slice(first, first + count - items.length));
      if (items.length >= count) break;
      start += chunk.length;
    }
    return items;
  }

  /** Place of the item that compares as the same as `item`, -1 when there is none. */
  indexOf(item: T): number {
    const at = this.#chunkOf(item);
    const chunk = this.#chunks[at] ?? [];
    const place = this.#placeIn(chunk, item);
    if (!this.#isAt(chunk, place, item)) return -1;
    return this.#chunks.slice(0, at).reduce((sum, { length }) => sum + length, place);
  }

  /** All items, in order. */
  toArray(): readonly T[] {
    return this.#chunks.flat() as T[];
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** For many changes at once: all of them in one walk over the list. */
  #rebuild(removed: readonly T[], added: readonly T[]): SortedList<T> {
    const compare = this.#compare;
    const gone = [...removed].sort(compare);
    const more = [...added].sort(compare);
    const next: T[] = [];
    let goneAt = 0;
    let moreAt = 0;
    for (const item of this) {
      while (goneAt < gone.length && compare(gone[goneAt] as T, item) < 0) goneAt += 1;
      while (moreAt < more.length && compare(more[moreAt] as T, item) < 0) next.push(more[moreAt++] as T);
      const isGone = goneAt < gone.length && compare(gone[goneAt] as T, item) === 0;
      const isReplaced = moreAt < more.length && compare(more[moreAt] as T, item) === 0;
      if (!isGone && !isReplaced) next.push(item);
    }
    return SortedList.#ofSorted(compare, [...next, ...more.slice(moreAt)]);
  }

  /** Puts `item` into a copy of its chunk; answers by how much the list grew. */
  #insert(chunks: Chunk<T>[], item: T): number {
    const index = Math.min(this.#chunkOf(item, chunks), chunks.length - 1);
    const chunk = chunks[index];
    if (chunk === undefined) return chunks.push([item]);
    const place = this.#placeIn(chunk, item);
    const isThere = this.#isAt(chunk, place, item);
    const next = chunk.slice();
    next.splice(place, isThere ? 1 : 0, item);
    const half = next.length >> 1;
    if (next.length > maxChunk) chunks.splice(index, 1, next.slice(0, half), next.slice(half));
    else chunks[index] = next;
    return isThere ? 0 : 1;
  }

  /** Takes `item` out of a copy of its chunk; answers by how much the list grew. */
  #remove(chunks: Chunk<T>[], item: T): number {
    const index = this.#chunkOf(item, chunks);
    const chunk = chunks[index];
    if (chunk === undefined) return 0;
    const place = this.#placeIn(chunk, item);
    if (!this.#isAt(chunk, place, item)) return 0;
    const next = chunk.slice();
    next.splice(place, 1);
    if (next.length === 0) chunks.splice(index, 1);
    else chunks[index] = next;
    return -1;
  }

  /** Whether the item at this place compares as the same as `item`. */
  #isAt(chunk: Chunk<T>, place: number, item: T): boolean {
    const found = chunk[place];
    return found !== undefined && this.#compare(found, item) === 0;
  }

  /** Index of the first chunk whose last item is not before `item`; the number of chunks when all are before it. */
  #chunkOf(item: T, chunks: readonly Chunk<T>[] = this.#chunks): number {
    let from = 0;
    let to = chunks.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const last = chunks[middle]?.at(-1);
      if (last !== undefined && this.#compare(last, item) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Index of the first item of `chunk` that is not before `item`. */
  #placeIn(chunk: Chunk<T>, item: T): number {
    let from = 0;
    let to = chunk.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const found = chunk[middle];
      if (found !== undefined && this.#compare(found, item) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
