import { type Cause, evicted, expired, gatewayUnreachable, unknownCause } from './cause.ts';
import type { Change, ChangeTrigger } from './change.ts';
import type { InstanceView } from './entry.ts';
import { evictedOr, type MergedRow, MergedRows } from './merged-rows.ts';
import type { Instant } from './ports.ts';

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
  readonly #order: MergedRows;
  #version: number;
  #evictions: number;

  constructor({ maxEntries, version = 0, evictions = 0 }: ListingOptions) {
    this.#maxEntries = maxEntries;
    this.#order = new MergedRows(maxEntries - 1);
    this.#version = version;
    this.#evictions = evictions;
  }

  get version(): number {
    return this.#version;
  }

  /** Without the row of this gateway. */
  get size(): number {
    return this.#order.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** When the oldest row was seen, milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    return this.#order.oldestMs;
  }

  /** Rows that were last seen before a moment, listed or not. */
  seenBefore(ms: number): readonly MergedRow[] {
    return this.#order.seenBefore(ms);
  }

  /** Views of the listed rows, newest first. */
  *views(): Generator<InstanceView, void, undefined> {
    for (const { view } of this.#order.newestFirst()) if (view !== undefined) yield view;
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
   * @param cause why the row left, or its gateway is out of reach, where somebody says so.
   */
  place(
    row: MergedRow,
    previous: InstanceView | undefined,
    trigger: ChangeTrigger,
    batch: Batch,
    cause?: Cause,
  ): void {
    const crossed = this.#order.place(row);
    if (row.isListed || previous !== undefined)
      this.notify(row, row.view === undefined ? trigger : evictedOr(trigger, row), batch, previous, cause);
    this.#notifyCrossed(
      crossed.filter((other) => other !== row),
      batch,
    );
  }

  /** Lists so many rows more, or less. */
  addRoom(rows: number, batch: Batch): void {
    this.#notifyCrossed(this.#order.addRoom(rows), batch);
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
