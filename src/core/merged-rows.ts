import type { ChangeTrigger } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { MemberId } from './member-id.ts';
import { RecencyList, type RecencyNode } from './recency-list.ts';

/** One row of a cluster: what each member says, and what follows from it. */
export interface MergedRow {
  readonly key: string;
  /** The latest contribution of each member, also those that say it has nothing any more; few, so that a map would be larger. */
  registers: readonly Contribution[];
  /** What follows; `undefined` while nobody states anything. */
  view: InstanceView | undefined;
  /** The row of a gateway, which is always listed. */
  isGateway: boolean;
  isListed: boolean;
  place: RecencyNode<MergedRow> | undefined;
}

/** The register of a member. */
export function registerOf(row: MergedRow | undefined, memberId: MemberId): Contribution | undefined {
  return row?.registers.find((contribution) => contribution.memberId === memberId);
}

/**
 * The rows of all members in order of freshness, of which the first so many are listed (PT3).
 *
 * Which rows are listed follows from the rows alone, not from the order in which they came: every row is kept, at
 * most `maxEntries` per gateway; all gateways, then the newest that are connected, then the newest others are listed.
 * A row that leaves makes room for the next.
 */
export class MergedRows {
  #room: number;
  readonly #gateways = new RecencyList<MergedRow>();
  readonly #live = new Ranks();
  readonly #quiet = new Ranks();

  /** @param room most rows that are listed. */
  constructor(room: number) {
    this.#room = room;
  }

  get size(): number {
    return this.#listed + this.#gateways.size;
  }

  get #listed(): number {
    return this.#live.listed.size + this.#quiet.listed.size;
  }

  /** When the oldest row was seen, milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    const rows = [this.#live.oldest, this.#quiet.oldest, this.#gateways.oldest];
    const known = rows.map((row) => row?.view?.ts).filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** Listed rows, newest first. */
  *newestFirst(): Generator<MergedRow, void, undefined> {
    const nodes = [this.#gateways.newestNode, this.#live.listed.newestNode, this.#quiet.listed.newestNode];
    for (;;) {
      let next = 0;
      for (const [index, node] of nodes.entries()) {
        const best = nodes[next];
        if (node !== undefined && (best === undefined || isNewer(node.value, best.value))) next = index;
      }
      const node = nodes[next];
      if (node === undefined) return;
      yield node.value;
      nodes[next] = node.older;
    }
  }

  /** Rows that were last seen before a moment, listed or not. */
  seenBefore(ms: number): readonly MergedRow[] {
    const rows: MergedRow[] = [];
    const { listed, waiting } = this.#quiet;
    for (const list of [waiting, listed, this.#live.waiting, this.#live.listed, this.#gateways]) {
      for (let node = list.oldestNode; node !== undefined; node = node.newer) {
        if ((node.value.view?.ts ?? 0) >= ms) break;
        rows.push(node.value);
      }
    }
    return rows;
  }

  /** Puts a row where its view belongs, and moves others over the border; returns all rows that crossed it. */
  place(row: MergedRow): readonly MergedRow[] {
    if (this.#isInPlace(row)) return [];
    row.place?.list.remove(row.place);
    row.place = undefined;
    row.isListed = false;
    if (row.view !== undefined) this.#insert(row, row.view.connections > 0);
    return this.#balance();
  }

  /** Makes room for so many rows more, or less; returns all rows that crossed the border. */
  addRoom(rows: number): readonly MergedRow[] {
    this.#room += rows;
    return this.#balance();
  }

  /** A row that is as old as before stays: to look for its place would cost as much as there are newer rows. */
  #isInPlace(row: MergedRow): boolean {
    const { place, view, isGateway } = row;
    if (place === undefined || view === undefined) return false;
    if (isGateway) return place.list === this.#gateways && place.list.isInOrder(place, isNewer);
    return (view.connections > 0 ? this.#live : this.#quiet).isInPlace(place);
  }

  #insert(row: MergedRow, isLive: boolean): void {
    if (!row.isGateway) {
      (isLive ? this.#live : this.#quiet).insert(row);
      return;
    }
    row.isListed = true;
    row.place = this.#gateways.insert(row, isNewer);
  }

  #balance(): readonly MergedRow[] {
    const crossed: MergedRow[] = [];
    const room = Math.max(0, this.#room - this.#gateways.size);
    while (this.#listed > room) crossed.push(this.#leave());
    while (this.#live.waiting.size > 0 && (this.#listed < room || this.#quiet.listed.size > 0)) {
      if (this.#listed >= room) crossed.push(this.#quiet.leave());
      crossed.push(this.#live.enter());
    }
    while (this.#quiet.waiting.size > 0 && this.#listed < room) crossed.push(this.#quiet.enter());
    return crossed;
  }

  #leave(): MergedRow {
    return (this.#quiet.listed.size > 0 ? this.#quiet : this.#live).leave();
  }
}

/** Rows that compete for room by age alone. */
class Ranks {
  readonly listed = new RecencyList<MergedRow>();
  readonly waiting = new RecencyList<MergedRow>();

  get oldest(): MergedRow | undefined {
    return this.waiting.oldest ?? this.listed.oldest;
  }

  insert(row: MergedRow): void {
    const border = this.waiting.newest;
    row.isListed = border === undefined || isNewer(row, border);
    const list = row.isListed ? this.listed : this.waiting;
    row.place = list.insert(row, isNewer);
  }

  /** True for a node of these rows that belongs where it is. */
  isInPlace(node: RecencyNode<MergedRow>): boolean {
    if (node.list !== this.listed && node.list !== this.waiting) return false;
    if (!node.list.isInOrder(node, isNewer)) return false;
    const [last, next] = [this.listed.oldest, this.waiting.newest];
    return last === undefined || next === undefined || isNewer(last, next);
  }

  /** The oldest listed row has to wait. */
  leave(): MergedRow {
    const row = taken(this.listed, this.listed.oldestNode);
    row.isListed = false;
    row.place = this.waiting.add(row);
    return row;
  }

  /** The newest that waits is listed. */
  enter(): MergedRow {
    const row = taken(this.waiting, this.waiting.newestNode);
    row.isListed = true;
    row.place = this.listed.addOldest(row);
    return row;
  }
}

function taken(list: RecencyList<MergedRow>, node: RecencyNode<MergedRow> | undefined): MergedRow {
  if (node === undefined) throw new TypeError('no row is left to take');
  list.remove(node);
  return node.value;
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
