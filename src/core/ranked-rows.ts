import { RecencyList, type RecencyNode } from './recency-list.ts';

/** What {@link RankedRows} notes of a row. */
export interface Ranked<R> {
  isListed: boolean;
  place: RecencyNode<R> | undefined;
}

/** Rows of a gateway itself are always listed; of the others those that are live come before those that are quiet. */
export type Rank = 'pinned' | 'live' | 'quiet';

/** What decides the place of a row. */
export interface Ranking<R> {
  /** `undefined` for a row that is not to be listed. */
  readonly rankOf: (row: R) => Rank | undefined;
  /** A strict order of all rows. */
  readonly isNewer: (a: R, b: R) => boolean;
}

/**
 * Rows in order of freshness, of which the first so many are listed (PT3): all that are pinned, then the newest that are
 * live, then the newest that are quiet. The others wait, and a row that leaves makes room for the next.
 *
 * Which rows are listed follows from the rows alone, not from the order in which they came. {@link place} and {@link remove}
 * may leave too many or too few rows listed until {@link settle} is called. A row that is as new as the newest, or as old as
 * before, is placed in O(1).
 */
export class RankedRows<R extends Ranked<R>> {
  #room: number;
  readonly #rankOf: Ranking<R>['rankOf'];
  readonly #isNewer: Ranking<R>['isNewer'];
  readonly #ranks: { readonly [rank in Rank]: RankRows<R> };

  /** @param room most rows that are listed. */
  constructor(room: number, { rankOf, isNewer }: Ranking<R>) {
    this.#room = room;
    this.#rankOf = rankOf;
    this.#isNewer = isNewer;
    const rank = () => new RankRows<R>(isNewer);
    this.#ranks = { pinned: rank(), live: rank(), quiet: rank() };
  }

  /** Rows that are listed. */
  get size(): number {
    return this.#ranks.pinned.listed.size + this.#competing;
  }

  /** True when a live row that is not listed would be after {@link settle}, whatever its age. */
  get hasRoomForLive(): boolean {
    return this.size < this.#room || this.#ranks.quiet.listed.size > 0;
  }

  /** The oldest row that is listed. */
  get oldestListed(): R | undefined {
    const { pinned, live, quiet } = this.#ranks;
    return this.#older(this.#older(live.listed.oldest, quiet.listed.oldest), pinned.listed.oldest);
  }

  /** The oldest row, listed or not. */
  get oldest(): R | undefined {
    const { pinned, live, quiet } = this.#ranks;
    return this.#older(this.#older(live.oldest, quiet.oldest), pinned.oldest);
  }

  /** Listed rows, newest first. The rows must not change meanwhile. */
  *newestFirst(): Generator<R, void, undefined> {
    const { pinned, live, quiet } = this.#ranks;
    const newest = (): RecencyNode<R> | undefined => this.#newer(this.#newer(first, second), third);
    let [first, second, third] = [pinned, live, quiet].map(({ listed }) => listed.newestNode);
    for (let node = newest(); node !== undefined; node = newest()) {
      yield node.value;
      if (node === first) first = node.older;
      else if (node === second) second = node.older;
      else third = node.older;
    }
  }

  /** The oldest rows, listed or not, as long as a condition holds that holds for each row that is older. */
  oldestWhile(isWanted: (row: R) => boolean): readonly R[] {
    const rows: R[] = [];
    const { pinned, live, quiet } = this.#ranks;
    for (const list of [quiet.waiting, quiet.listed, live.waiting, live.listed, pinned.listed]) {
      for (let node = list.oldestNode; node !== undefined && isWanted(node.value); node = node.newer)
        rows.push(node.value);
    }
    return rows;
  }

  /** Puts a row where it belongs by its rank and age. */
  place(row: R): void {
    const rank = this.#rankOf(row);
    if (rank === undefined) return this.remove(row);
    const rows = this.#ranks[rank];
    if (rows.renew(row)) return;
    this.remove(row);
    rows.insert(row);
  }

  /** Puts a live row that is not listed first among those that wait. */
  wait(row: R): void {
    this.remove(row);
    row.place = this.#ranks.live.waiting.add(row);
  }

  /** Takes a row out; harmless when it is not there. */
  remove(row: R): void {
    row.place?.list.remove(row.place);
    row.place = undefined;
    row.isListed = false;
  }

  /** Makes room for so many rows more, or less. */
  addRoom(rows: number): void {
    this.#room += rows;
  }

  /** Lists as many rows as there is room for; returns all that are listed now or are not any more, in the order in which it happened. */
  settle(): readonly R[] {
    const { live, quiet } = this.#ranks;
    const room = Math.max(0, this.#room - this.#ranks.pinned.listed.size);
    if (this.#competing <= room && live.waiting.size + quiet.waiting.size === 0) return none;
    const crossed: R[] = [];
    while (this.#competing > room) crossed.push((quiet.listed.size > 0 ? quiet : live).leave());
    while (live.waiting.size > 0 && (this.#competing < room || quiet.listed.size > 0)) {
      if (this.#competing >= room) crossed.push(quiet.leave());
      crossed.push(live.enter());
    }
    while (quiet.waiting.size > 0 && this.#competing < room) crossed.push(quiet.enter());
    return crossed;
  }

  get #competing(): number {
    return this.#ranks.live.listed.size + this.#ranks.quiet.listed.size;
  }

  #newer(a: RecencyNode<R> | undefined, b: RecencyNode<R> | undefined): RecencyNode<R> | undefined {
    if (a === undefined || b === undefined) return a ?? b;
    return this.#isNewer(a.value, b.value) ? a : b;
  }

  #older(a: R | undefined, b: R | undefined): R | undefined {
    if (a === undefined || b === undefined) return a ?? b;
    return this.#isNewer(a, b) ? b : a;
  }
}

const none: readonly never[] = Object.freeze([]);

/** Rows that compete for room by age alone. */
class RankRows<R extends Ranked<R>> {
  readonly listed = new RecencyList<R>();
  readonly waiting = new RecencyList<R>();
  readonly #isNewer: (a: R, b: R) => boolean;

  constructor(isNewer: (a: R, b: R) => boolean) {
    this.#isNewer = isNewer;
  }

  get oldest(): R | undefined {
    return this.waiting.oldest ?? this.listed.oldest;
  }

  insert(row: R): void {
    const border = this.waiting.newest;
    row.isListed = border === undefined || this.#isNewer(row, border);
    const list = row.isListed ? this.listed : this.waiting;
    row.place = list.insert(row, this.#isNewer);
  }

  /** Leaves a row of this rank where it is, or moves it to the newest end, where it belongs there; false for any other. */
  renew({ place }: R): boolean {
    if (place === undefined) return false;
    if (place.list === this.listed) {
      const { newest } = this.listed;
      if (newest !== undefined && this.#isNewer(place.value, newest)) {
        this.listed.renew(place);
        return true;
      }
    }
    return this.#isInPlace(place);
  }

  /** The oldest listed row has to wait. */
  leave(): R {
    const row = taken(this.listed, this.listed.oldestNode);
    row.isListed = false;
    row.place = this.waiting.add(row);
    return row;
  }

  /** The newest that waits is listed. */
  enter(): R {
    const row = taken(this.waiting, this.waiting.newestNode);
    row.isListed = true;
    row.place = this.listed.addOldest(row);
    return row;
  }

  /** A row that is as old as before stays: to search its place would cost as much as there are newer rows. */
  #isInPlace(place: RecencyNode<R>): boolean {
    if (place.list !== this.listed && place.list !== this.waiting) return false;
    if (!place.list.isInOrder(place, this.#isNewer)) return false;
    const [last, next] = [this.listed.oldest, this.waiting.newest];
    return last === undefined || next === undefined || this.#isNewer(last, next);
  }
}

function taken<R>(list: RecencyList<R>, node: RecencyNode<R> | undefined): R {
  if (node === undefined) throw new TypeError('no row is left to take');
  list.remove(node);
  return node.value;
}
