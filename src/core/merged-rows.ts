import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { RecencyList, type RecencyNode } from './recency-list.ts';

/** One row of a cluster: what each gateway says, and what follows from it. */
export interface MergedRow {
  readonly key: string;
  /** The latest contribution of each gateway, also those that say it has nothing any more. */
  readonly said: Map<string, Contribution>;
  /** What follows; `undefined` while nobody states anything. */
  view: InstanceView | undefined;
  isListed: boolean;
  place: RecencyNode<MergedRow> | undefined;
}

/**
 * The rows of a cluster in order of freshness, of which the first so many are listed (PT3).
 *
 * Which rows are listed follows from the rows alone, not from the order in which they came: every row is kept, at
 * most `maxEntries` per gateway, and the newest are listed. A row that leaves makes room for the next.
 */
export class MergedRows {
  readonly #room: number;
  readonly #listed = new RecencyList<MergedRow>();
  readonly #waiting = new RecencyList<MergedRow>();

  /** @param room most rows that are listed. */
  constructor(room: number) {
    this.#room = room;
  }

  get size(): number {
    return this.#listed.size;
  }

  get oldest(): MergedRow | undefined {
    return this.#waiting.oldest ?? this.#listed.oldest;
  }

  newestFirst(): Generator<MergedRow, void, undefined> {
    return this.#listed.newestFirst();
  }

  /** Puts a row where its view belongs, and moves others over the border; returns all rows that crossed it. */
  place(row: MergedRow): readonly MergedRow[] {
    this.#take(row);
    if (row.view === undefined) return this.#balance();
    const border = this.#waiting.newest;
    row.isListed = border === undefined || isNewer(row, border);
    row.place = this.#listOf(row).insert(row, isNewer);
    return this.#balance();
  }

  #take(row: MergedRow): void {
    if (row.place !== undefined) this.#listOf(row).remove(row.place);
    row.place = undefined;
    row.isListed = false;
  }

  #listOf(row: MergedRow): RecencyList<MergedRow> {
    return row.isListed ? this.#listed : this.#waiting;
  }

  #balance(): readonly MergedRow[] {
    const crossed: MergedRow[] = [];
    for (
      let row = this.#listed.oldest;
      row !== undefined && this.#listed.size > this.#room;
      row = this.#listed.oldest
    ) {
      crossed.push(this.#cross(row));
    }
    for (
      let row = this.#waiting.newest;
      row !== undefined && this.#listed.size < this.#room;
      row = this.#waiting.newest
    ) {
      crossed.push(this.#cross(row));
    }
    return crossed;
  }

  #cross(row: MergedRow): MergedRow {
    if (row.place !== undefined) this.#listOf(row).remove(row.place);
    row.isListed = !row.isListed;
    row.place = row.isListed ? this.#listed.addOldest(row) : this.#waiting.add(row);
    return row;
  }
}

/** Newer by `ts`; of the same millisecond, by key: every gateway has the same order. */
function isNewer(a: MergedRow, b: MergedRow): boolean {
  const aMs = a.view?.ts ?? 0;
  const bMs = b.view?.ts ?? 0;
  return aMs === bMs ? a.key > b.key : aMs > bMs;
}
