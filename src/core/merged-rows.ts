import type { ChangeTrigger } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { MemberId } from './member-id.ts';
import { RecencyList, type RecencyNode } from './recency-list.ts';

/** One row of a cluster: what each member says, and what follows from it. */
export interface MergedRow {
  readonly key: string;
  /** The latest contribution of each member, also those that say it has nothing any more. */
  readonly said: Map<MemberId, Contribution>;
  /** What follows; `undefined` while nobody states anything. */
  view: InstanceView | undefined;
  /** The row of a gateway, which is always listed. */
  isGateway: boolean;
  isListed: boolean;
  place: Place | undefined;
}

interface Place {
  readonly list: RecencyList<MergedRow>;
  readonly node: RecencyNode<MergedRow>;
}

/**
 * The rows of a cluster in order of freshness, of which the first so many are listed (PT3).
 *
 * Which rows are listed follows from the rows alone, not from the order in which they came: every row is kept, at
 * most `maxEntries` per gateway, all gateways and the newest others are listed. A row that leaves makes room for the next.
 */
export class MergedRows {
  #room: number;
  readonly #gateways = new RecencyList<MergedRow>();
  readonly #listed = new RecencyList<MergedRow>();
  readonly #waiting = new RecencyList<MergedRow>();

  /** @param room most rows that are listed. */
  constructor(room: number) {
    this.#room = room;
  }

  get size(): number {
    return this.#listed.size + this.#gateways.size;
  }

  /** When the oldest row was seen, milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    const times = [this.#waiting.oldest ?? this.#listed.oldest, this.#gateways.oldest].map(
      (row) => row?.view?.ts,
    );
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** Listed rows, newest first. */
  *newestFirst(): Generator<MergedRow, void, undefined> {
    const gateways = this.#gateways.newestFirst();
    let gateway = gateways.next().value;
    for (const row of this.#listed.newestFirst()) {
      while (gateway !== undefined && isNewer(gateway, row)) {
        yield gateway;
        gateway = gateways.next().value;
      }
      yield row;
    }
    for (; gateway !== undefined; gateway = gateways.next().value) yield gateway;
  }

  /** Rows that were last seen before a moment, listed or not. */
  seenBefore(ms: number): readonly MergedRow[] {
    const rows: MergedRow[] = [];
    for (const list of [this.#waiting, this.#listed, this.#gateways]) {
      for (let node = list.oldestNode; node !== undefined; node = node.newer) {
        if ((node.value.view?.ts ?? 0) >= ms) break;
        rows.push(node.value);
      }
    }
    return rows;
  }

  /** Puts a row where its view belongs, and moves others over the border; returns all rows that crossed it. */
  place(row: MergedRow): readonly MergedRow[] {
    row.place?.list.remove(row.place.node);
    row.place = undefined;
    row.isListed = false;
    if (row.view !== undefined) this.#insert(row);
    return this.#balance();
  }

  /** Makes room for so many rows more, or less; returns all rows that crossed the border. */
  addRoom(rows: number): readonly MergedRow[] {
    this.#room += rows;
    return this.#balance();
  }

  #insert(row: MergedRow): void {
    const border = this.#waiting.newest;
    row.isListed = row.isGateway || border === undefined || isNewer(row, border);
    const list = row.isGateway ? this.#gateways : row.isListed ? this.#listed : this.#waiting;
    row.place = { list, node: list.insert(row, isNewer) };
  }

  #balance(): readonly MergedRow[] {
    const crossed: MergedRow[] = [];
    const room = Math.max(0, this.#room - this.#gateways.size);
    for (
      let row = this.#listed.oldest;
      row !== undefined && this.#listed.size > room;
      row = this.#listed.oldest
    ) {
      crossed.push(this.#cross(row));
    }
    for (
      let row = this.#waiting.newest;
      row !== undefined && this.#listed.size < room;
      row = this.#waiting.newest
    ) {
      crossed.push(this.#cross(row));
    }
    return crossed;
  }

  #cross(row: MergedRow): MergedRow {
    row.place?.list.remove(row.place.node);
    row.isListed = !row.isListed;
    const list = row.isListed ? this.#listed : this.#waiting;
    row.place = { list, node: row.isListed ? list.addOldest(row) : list.add(row) };
    return row;
  }
}

/** Newer by `ts`; of the same millisecond, by key: every gateway has the same order. */
function isNewer(a: MergedRow, b: MergedRow): boolean {
  const aMs = a.view?.ts ?? 0;
  const bMs = b.view?.ts ?? 0;
  return aMs === bMs ? a.key > b.key : aMs > bMs;
}

/** A row that is stated but not listed had to make room. */
export function evictedOr(trigger: ChangeTrigger, row: MergedRow): ChangeTrigger {
  return row.isListed ? trigger : 'evicted';
}
