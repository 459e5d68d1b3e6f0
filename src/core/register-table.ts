import { type Contribution, isStatement, type Statement } from './contribution.ts';
import { type Holdings, HoldingsSum, isHeld } from './holdings.ts';
import { compareStamps, type Stamp } from './hybrid-clock.ts';
import { isGatewayRun, type MemberId } from './member-id.ts';
import { type MergedRow, registerOf } from './merged-row.ts';
import type { Instant } from './ports.ts';
import { RecencyList } from './recency-list.ts';
import { presenceKey } from './text-form.ts';

/** Everything that members said, by row: the latest of each register, and tombstones for a while. */
export class RegisterTable {
  readonly #rows = new Map<string, MergedRow>();
  readonly #devices = new Map<string, Set<MergedRow>>();
  /** Of each run of a gateway of the cluster. */
  readonly #holdings = new Map<MemberId, HoldingsSum>();
  readonly #tombstones: TombstoneQueue;

  constructor(options: { readonly ttlMs: number; readonly maxEntries: number }) {
    this.#tombstones = new TombstoneQueue({ ttlMs: options.ttlMs, capacity: 4 * options.maxEntries });
  }

  get tombstones(): number {
    return this.#tombstones.size;
  }

  /** What is known of the rows of a member of the cluster (PC11). */
  holdings(memberId: MemberId): Holdings {
    return (this.#holdings.get(memberId) ?? new HoldingsSum()).value;
  }

  get(key: string): MergedRow | undefined {
    return this.#rows.get(key);
  }

  rows(): Iterable<MergedRow> {
    return this.#rows.values();
  }

  /** Rows that carry a device id. */
  ofDevice(deviceId: string | undefined): Iterable<MergedRow> {
    const key = presenceKey(deviceId);
    return (key === undefined ? undefined : this.#devices.get(key)) ?? [];
  }

  /** Writes a register when the contribution is later than what it holds; returns the row then. */
  write(contribution: Contribution, now: Instant): MergedRow | undefined {
    const { key, memberId, stamp } = contribution;
    const known = registerOf(this.#rows.get(key), memberId);
    if (known !== undefined && compareStamps(stamp, known.stamp) <= 0) return undefined;
    const row = this.#rows.get(key) ?? this.#create(key);
    this.put(row, contribution);
    if (!isStatement(contribution)) this.#tombstones.add({ row, contribution }, now);
    return row;
  }

  /** Writes a register, whatever it holds. */
  put(row: MergedRow, contribution: Contribution): void {
    const { memberId } = contribution;
    const at = placeOf(row, memberId);
    if (isGatewayRun(memberId)) this.#count(row.registers[at], contribution);
    const { registers } = row;
    row.registers = at < registers.length ? registers.with(at, contribution) : registers.concat(contribution);
  }

  /** Drops the register of a member without a trace; returns the row when there was one. */
  drop(key: string, memberId: MemberId): MergedRow | undefined {
    const row = this.#rows.get(key);
    if (row === undefined || !this.#take(row, memberId)) return undefined;
    this.#forgetEmpty(row);
    return row;
  }

  /** Empties the registers of a member that were written up to a stamp, or all; returns the rows that had one. */
  *clear(
    memberId: MemberId,
    upTo?: Stamp,
    except?: ReadonlySet<string>,
  ): Generator<MergedRow, void, undefined> {
    for (const row of [...this.#rows.values()]) {
      const contribution = registerOf(row, memberId);
      if (contribution === undefined || except?.has(row.key) === true) continue;
      if (upTo !== undefined && compareStamps(contribution.stamp, upTo) > 0) continue;
      this.#take(row, memberId);
      yield row;
      this.#forgetEmpty(row);
    }
  }

  /** Changes the view of a row, and what it is found by. */
  setView(row: MergedRow, view: MergedRow['view']): void {
    this.#unindex(row);
    row.view = view;
    const key = presenceKey(view?.deviceId);
    if (key !== undefined) this.#devices.set(key, (this.#devices.get(key) ?? new Set()).add(row));
  }

  /** Takes statements out of a row that expired; tombstones stay for their time. */
  expire(row: MergedRow, statements: readonly Statement[]): void {
    for (const { memberId } of statements) this.#take(row, memberId);
    this.#forgetEmpty(row);
  }

  /** Drops tombstones that are too old or too many. */
  sweep(now: Instant): void {
    for (const { row, contribution } of this.#tombstones.due(now)) {
      if (registerOf(row, contribution.memberId) === contribution) this.#take(row, contribution.memberId);
      this.#forgetEmpty(row);
    }
  }

  #take(row: MergedRow, memberId: MemberId): boolean {
    const at = placeOf(row, memberId);
    const known = row.registers[at];
    if (known === undefined) return false;
    if (isGatewayRun(memberId)) this.#count(known, undefined);
    row.registers = row.registers.toSpliced(at, 1);
    return true;
  }

  #count(before: Contribution | undefined, after: Contribution | undefined): void {
    if (before !== undefined && isHeld(before)) this.#sum(before.memberId).remove(before);
    if (after !== undefined && isHeld(after)) this.#sum(after.memberId).add(after);
  }

  #sum(memberId: MemberId): HoldingsSum {
    const known = this.#holdings.get(memberId);
    if (known !== undefined) return known;
    const sum = new HoldingsSum();
    this.#holdings.set(memberId, sum);
    return sum;
  }

  #create(key: string): MergedRow {
    const row: MergedRow = {
      key,
      registers: [],
      view: undefined,
      isGateway: false,
      isListed: false,
      place: undefined,
    };
    this.#rows.set(key, row);
    return row;
  }

  #forgetEmpty(row: MergedRow): void {
    if (row.registers.length === 0 && this.#rows.get(row.key) === row) this.#rows.delete(row.key);
  }

  #unindex(row: MergedRow): void {
    const key = presenceKey(row.view?.deviceId);
    const rows = key === undefined ? undefined : this.#devices.get(key);
    rows?.delete(row);
    if (key !== undefined && rows?.size === 0) this.#devices.delete(key);
  }
}

/** What members state about a row, without tombstones. */
export function statementsOf({ registers }: MergedRow): readonly Statement[] {
  return registers.filter(isStatement);
}

/** Where the register of a member is, or will be. */
function placeOf({ registers }: MergedRow, memberId: MemberId): number {
  const at = registers.findIndex((contribution) => contribution.memberId === memberId);
  return at < 0 ? registers.length : at;
}

/** A register that is empty, and kept so that older news of its row do not count. */
interface Tombstone {
  readonly row: MergedRow;
  readonly contribution: Contribution;
}

interface DatedTombstone extends Tombstone {
  readonly createdMonoMs: number;
}

/** Tombstones in order of age; one is kept for `ttlMs`, since older news of its row would expire by then as well. */
class TombstoneQueue {
  readonly #options: { readonly ttlMs: number; readonly capacity: number };
  readonly #tombstones = new RecencyList<DatedTombstone>();

  /** @param options `capacity`: most tombstones; the oldest go first. */
  constructor(options: { readonly ttlMs: number; readonly capacity: number }) {
    this.#options = options;
  }

  get size(): number {
    return this.#tombstones.size;
  }

  add(tombstone: Tombstone, now: Instant): void {
    this.#tombstones.add({ ...tombstone, createdMonoMs: now.monoMs });
  }

  /** Takes out what is too old or too much. */
  *due({ monoMs }: Instant): Generator<Tombstone, void, undefined> {
    for (let node = this.#tombstones.oldestNode; node !== undefined; node = this.#tombstones.oldestNode) {
      const isOld = monoMs - node.value.createdMonoMs > this.#options.ttlMs;
      if (!isOld && this.#tombstones.size <= this.#options.capacity) return;
      this.#tombstones.remove(node);
      yield node.value;
    }
  }
}
