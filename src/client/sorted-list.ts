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

/**
 * An immutable list of unique items in the order of `compare`.
 *
 * A change copies one chunk and the list of chunks and shares the rest, so it costs little at any size that a roster has
 * (two copies of a few hundred pointers at 100 000 items), and earlier lists stay as they were.
 */
export class SortedList<T> {
  readonly size: number;
  readonly #compare: Compare<T>;
  /** Never empty ones. */
  readonly #chunks: readonly (readonly T[])[];

  private constructor(compare: Compare<T>, chunks: readonly (readonly T[])[], size: number) {
    this.#compare = compare;
    this.#chunks = chunks;
    this.size = size;
  }

  /** The list of these items, in any order; no two may be the same. */
  static of<T>(compare: Compare<T>, items: Iterable<T> = []): SortedList<T> {
    return SortedList.#ofSorted(compare, [...items].sort(compare));
  }

  static #ofSorted<T>(compare: Compare<T>, sorted: readonly T[]): SortedList<T> {
    const chunks: (readonly T[])[] = [];
    for (let from = 0; from < sorted.length; from += fill) chunks.push(sorted.slice(from, from + fill));
    return new SortedList(compare, chunks, sorted.length);
  }

  /** The item that compares as the same as `item`. */
  find(item: T): T | undefined {
    const chunk = this.#chunks[this.#chunkOf(item)];
    if (chunk === undefined) return undefined;
    const found = chunk[this.#placeIn(chunk, item)];
    return found !== undefined && this.#compare(found, item) === 0 ? found : undefined;
  }

  /** The list without `removed` (those that are in it) and with `added`, which replace items that are the same. */
  change(removed: readonly T[], added: readonly T[]): SortedList<T> {
    if ((removed.length + added.length) * 8 > this.size) return this.#rebuild(removed, added);
    let list: SortedList<T> = this;
    for (const item of removed) list = list.#without(item);
    for (const item of added) list = list.#with(item);
    return list;
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
    const chunk = this.#chunks[at];
    if (chunk === undefined) return -1;
    const place = this.#placeIn(chunk, item);
    const found = chunk[place];
    if (found === undefined || this.#compare(found, item) !== 0) return -1;
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

  #with(item: T): SortedList<T> {
    const index = Math.min(this.#chunkOf(item), this.#chunks.length - 1);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return this.#replace(0, 0, [[item]], 1);
    const place = this.#placeIn(chunk, item);
    const found = chunk[place];
    const isThere = found !== undefined && this.#compare(found, item) === 0;
    const next = chunk.slice();
    next.splice(place, isThere ? 1 : 0, item);
    const half = next.length >> 1;
    const parts = next.length > maxChunk ? [next.slice(0, half), next.slice(half)] : [next];
    return this.#replace(index, 1, parts, isThere ? 0 : 1);
  }

  #without(item: T): SortedList<T> {
    const index = this.#chunkOf(item);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return this;
    const place = this.#placeIn(chunk, item);
    const found = chunk[place];
    if (found === undefined || this.#compare(found, item) !== 0) return this;
    const next = chunk.slice();
    next.splice(place, 1);
    return this.#replace(index, 1, next.length === 0 ? [] : [next], -1);
  }

  #replace(index: number, count: number, parts: readonly (readonly T[])[], growth: number): SortedList<T> {
    const chunks = this.#chunks.slice();
    chunks.splice(index, count, ...parts);
    return new SortedList(this.#compare, chunks, this.size + growth);
  }

  /** Index of the first chunk whose last item is not before `item`; the number of chunks when all are before it. */
  #chunkOf(item: T): number {
    let from = 0;
    let to = this.#chunks.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && this.#compare(last, item) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Index of the first item of `chunk` that is not before `item`. */
  #placeIn(chunk: readonly T[], item: T): number {
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
