import { type Cause, evicted, expired, gatewayUnreachable, unknownCause } from './cause.ts';
import type { Change, ChangeTrigger } from './change.ts';
import type { InstanceView } from './entry.ts';
import { type MergedRow, mergedRanking } from './merged-row.ts';
import type { Instant } from './ports.ts';
import { RankedRows } from './ranked-rows.ts';

/** Changes of one version, as they come together. */
export interface Batch {
  readonly now: Instant;
  readonly changes: Change[];
}

/** Bounds of a listing, and where it goes on from. */
export interface ListingOptions {
  readonly maxEntries: number;
  /** Version of the list that is shown so far; default 0. */
  readonly version?: number;
  /** Rows that were dropped so far; default 0. */
  readonly evictions?: number;
}

/**
 * What viewers see of the rows of all members: which are listed, in which order, at which version, and each change of that.
 *
 * A visible change is made in three steps: {@link open}, then rows are placed, then {@link close}, which gives them one version.
 */
export class MergedListing {
  readonly #maxEntries: number;
  readonly #rows: RankedRows<MergedRow>;
  #version: number;
  #evictions: number;

  constructor({ maxEntries, version = 0, evictions = 0 }: ListingOptions) {
    this.#maxEntries = maxEntries;
    this.#rows = new RankedRows(maxEntries - 1, mergedRanking);
    this.#version = version;
    this.#evictions = evictions;
  }

  get version(): number {
    return this.#version;
  }

  /** Without the row of this gateway. */
  get size(): number {
    return this.#rows.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** When the oldest row was seen, milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    return this.#rows.oldest?.view?.ts;
  }

  /** Rows that were last seen before a moment, listed or not. */
  seenBefore(ms: number): readonly MergedRow[] {
    return this.#rows.oldestWhile(({ view }) => (view?.ts ?? 0) < ms);
  }

  /** Views of the listed rows, newest first. */
  *views(): Generator<InstanceView, void, undefined> {
    for (const { view } of this.#rows.newestFirst()) if (view !== undefined) yield view;
  }

  open(now: Instant): Batch {
    return { now, changes: [] };
  }

  /** The version that the changes of an open batch get. */
  get nextVersion(): number {
    return this.#version + 1;
  }

  close({ changes }: Batch): readonly Change[] {
    if (changes.length > 0) this.#version += 1;
    return changes;
  }

  /**
   * Puts a row whose view changed where it belongs, and adds what viewers see of it, and of rows that made room for it.
   *
   * @param previous the view before, if it was listed.
   * @param cause why the row left, or its gateway is out of reach, where that is known.
   */
  place(
    row: MergedRow,
    previous: InstanceView | undefined,
    trigger: ChangeTrigger,
    batch: Batch,
    cause?: Cause,
  ): void {
    this.#rows.place(row);
    const crossed = this.#rows.settle();
    if (row.isListed || previous !== undefined)
      this.notify(row, row.view === undefined ? trigger : evictedOr(trigger, row), batch, previous, cause);
    this.#notifyCrossed(
      crossed.filter((other) => other !== row),
      batch,
    );
  }

  /** Lists so many rows more, or less. */
  addRoom(rows: number, batch: Batch): void {
    this.#rows.addRoom(rows);
    this.#notifyCrossed(this.#rows.settle(), batch);
  }

  /** Adds the change of a row that stays where it is. */
  notify(
    { key, view, isListed }: MergedRow,
    trigger: ChangeTrigger,
    { changes, now }: Batch,
    previous: InstanceView | undefined,
    leaving?: Cause,
  ): void {
    const known = previous === undefined ? {} : { previous };
    const version = this.nextVersion;
    if (isListed && view !== undefined) {
      const cause = statusCause(previous, view, leaving);
      changes.push({ kind: 'upsert', key, view, ...known, trigger, ...(cause && { cause }), version });
      return;
    }
    if (trigger === 'evicted') this.#evictions += 1;
    const cause = this.#removalCause(trigger, now, previous, leaving);
    changes.push({ kind: 'remove', key, ...known, trigger, ...(cause && { cause }), version });
  }

  #notifyCrossed(crossed: readonly MergedRow[], batch: Batch): void {
    for (const row of crossed)
      this.notify(row, evictedOr('replicated', row), batch, row.isListed ? undefined : row.view);
  }

  #removalCause(
    trigger: ChangeTrigger,
    now: Instant,
    previous: InstanceView | undefined,
    leaving: Cause | undefined,
  ): Cause | undefined {
    if (trigger === 'evicted') return evicted(this.#maxEntries);
    if (leaving !== undefined || trigger !== 'expired') return leaving ?? unknownCause;
    return expired(now.wallMs - (previous?.ts ?? now.wallMs));
  }
}

/** Why an instance arrived, left or is out of reach with this change; `undefined` when it did not. */
function statusCause(
  previous: InstanceView | undefined,
  view: InstanceView,
  lost: Cause = gatewayUnreachable,
): Cause | undefined {
  if (previous === undefined) return view.cause;
  if (view.unreachableSinceMs !== undefined && previous.unreachableSinceMs === undefined) return lost;
  return previous.connections > 0 === view.connections > 0 ? undefined : view.cause;
}

/** A row that is stated but not listed had to make room. */
function evictedOr(trigger: ChangeTrigger, row: MergedRow): ChangeTrigger {
  return row.isListed ? trigger : 'evicted';
}
