import type { Change, ChangeCause } from './change.ts';
import { type Contribution, isStatement, type Statement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { GraveYard } from './grave-yard.ts';
import { compareStamps, HybridClock } from './hybrid-clock.ts';
import type { Instant } from './instant.ts';
import { presenceKey } from './key.ts';
import { type MergedRow, MergedRows } from './merged-rows.ts';
import { mergedView } from './merged-view.ts';

/** Bounds of a merged roster; the same on every gateway of a cluster. */
export interface MergedRosterOptions {
  /** Id of this gateway: the instanceId of its own row. */
  readonly gatewayId: string;
  readonly ttlMs: number;
  readonly maxEntries: number;
}

/** What an update did: what this gateway's viewers see, and what the other gateways must be told. */
export interface MergeOutcome {
  readonly changes: readonly Change[];
  readonly contributions: readonly Contribution[];
}

/** Changes of one version, as they come together. */
interface Batch {
  readonly now: Instant;
  readonly changes: Change[];
}

/**
 * One roster of several gateways.
 *
 * Every gateway keeps its own roster and says what is in it by {@link Contribution}s, a register per gateway and
 * key in which the latest stamp wins. What is listed is a function of the registers alone, so gateways that know
 * the same contributions list the same rows, whatever the order, repetition or loss in between.
 *
 * Wall clocks must agree: in a cluster they follow the engine's. The own row is pinned first, outside of order and
 * expiry, and nobody else can write it (PR2).
 */
export class MergedRoster {
  readonly #options: MergedRosterOptions;
  readonly #clock: HybridClock;
  readonly #rows = new Map<string, MergedRow>();
  readonly #order: MergedRows;
  readonly #graves: GraveYard;
  readonly #unreachable = new Map<string, number>();
  readonly #devices = new Map<string, Set<MergedRow>>();
  #self: Statement | undefined;
  #version = 0;
  #evictions = 0;

  constructor(options: MergedRosterOptions) {
    this.#options = options;
    this.#clock = new HybridClock(options.gatewayId);
    this.#order = new MergedRows(options.maxEntries - 1);
    this.#graves = new GraveYard({ ttlMs: options.ttlMs, capacity: 4 * options.maxEntries });
  }

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#order.size + (this.#self === undefined ? 0 : 1);
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** Registers that are kept only to outlive older news of the same row; bounded. */
  get tombstones(): number {
    return this.#graves.size;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    if (key === this.#self?.key) return this.#selfView(now);
    const row = this.#rows.get(key);
    return row?.isListed === true ? row.view : undefined;
  }

  /** All listed rows: self first, then newest first; of the same millisecond, by key. */
  *views(now: Instant): Generator<InstanceView, void, undefined> {
    const self = this.#selfView(now);
    if (self !== undefined) yield self;
    for (const { view } of this.#order.newestFirst()) if (view !== undefined) yield view;
  }

  /** The freshest instance of a device, wherever its connections are (PK4). */
  freshestOfDevice(deviceId: string | undefined): InstanceView | undefined {
    let freshest: InstanceView | undefined;
    for (const { view } of this.#rowsOfDevice(deviceId)) {
      if (view !== undefined && view.ts > (freshest?.ts ?? -1)) freshest = view;
    }
    return freshest;
  }

  /** This gateway's own roster changed. */
  say(changes: readonly Change[], now: Instant): MergeOutcome {
    const batch: Batch = { now, changes: [] };
    const contributions: Contribution[] = [];
    for (const change of changes) {
      contributions.push(this.#say(change, batch));
      for (const takeover of this.#takeOver(change, now)) {
        contributions.push(takeover);
        this.#register(takeover, 'taken-over', batch);
      }
    }
    return { changes: this.#close(batch), contributions };
  }

  /** Other gateways said something; in any order, and as often as they like. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    for (const contribution of contributions) {
      this.#clock.witness(contribution.stamp);
      if (contribution.key !== this.#self?.key) this.#register(contribution, 'replicated', batch);
    }
    return this.#close(batch);
  }

  /**
   * A gateway said everything that it has: what it does not mention any more is gone (loss, then resync).
   *
   * @param contributions all of that gateway, and nobody else's.
   */
  receiveAll(gatewayId: string, contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const changes = [...this.receive(contributions, now)];
    const mentioned = new Set(contributions.map(({ key }) => key));
    const batch: Batch = { now, changes: [] };
    for (const row of this.#rows.values()) {
      if (mentioned.has(row.key) || !row.said.delete(gatewayId)) continue;
      this.#refresh(row, 'replicated', batch);
    }
    return [...changes, ...this.#close(batch)];
  }

  /** Everything that this gateway says, for one that joins or lost something. */
  everything(): readonly Contribution[] {
    const own: Contribution[] = this.#self === undefined ? [] : [this.#self];
    for (const row of this.#rows.values()) {
      const contribution = row.said.get(this.#options.gatewayId);
      if (contribution !== undefined) own.push(contribution);
    }
    return own;
  }

  /** A gateway cannot be reached since a moment of the wall clock, or can again (`undefined`). */
  setUnreachable(gatewayId: string, sinceMs: number | undefined, now: Instant): readonly Change[] {
    if (this.#unreachable.get(gatewayId) === sinceMs) return [];
    if (sinceMs === undefined) this.#unreachable.delete(gatewayId);
    else this.#unreachable.set(gatewayId, sinceMs);
    const batch: Batch = { now, changes: [] };
    for (const row of this.#rows.values()) {
      const contribution = row.said.get(gatewayId);
      if (contribution !== undefined && isStatement(contribution)) this.#refresh(row, 'replicated', batch);
    }
    return this.#close(batch);
  }

  /** Drops what nobody has renewed for `ttlMs`, and tombstones of that age (PT1, PT2). */
  sweep(now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    for (
      let row = this.#order.oldest;
      row !== undefined && this.#isExpired(row, now);
      row = this.#order.oldest
    ) {
      this.#refresh(row, 'expired', batch);
    }
    for (const { row, contribution } of this.#graves.due(now)) this.#bury(row, contribution);
    return this.#close(batch);
  }

  /** Monotonic moment at which {@link sweep} has something to drop. */
  nextExpiryMonoMs(now: Instant): number | undefined {
    const oldest = this.#order.oldest?.view;
    return oldest === undefined ? undefined : oldest.ts + this.#options.ttlMs + 1 - now.wallMs + now.monoMs;
  }

  #selfView(now: Instant): InstanceView | undefined {
    return this.#self === undefined ? undefined : { ...this.#self.view, ts: Math.round(now.wallMs) };
  }

  #say(change: Change, batch: Batch): Contribution {
    const { gatewayId } = this.#options;
    const stamp = this.#clock.next(batch.now.wallMs);
    const { key } = change;
    if (change.kind === 'remove') {
      const tombstone = { gatewayId, key, stamp };
      this.#register(tombstone, change.cause, batch);
      return tombstone;
    }
    const statement = { gatewayId, key, stamp, view: change.view };
    if (change.view.self === true) this.#saySelf(statement, batch);
    else this.#register(statement, change.cause, batch);
    return statement;
  }

  #saySelf(statement: Statement, { changes }: Batch): void {
    this.#self = statement;
    const { key, view } = statement;
    changes.push({ kind: 'upsert', key, view, cause: 'self', version: this.#version + 1 });
  }

  /** A web client that comes back to another gateway leaves no ghost at the first (PK8). */
  #takeOver(change: Change, now: Instant): readonly Contribution[] {
    if (change.kind !== 'upsert' || change.cause !== 'connect' || change.previousKey !== undefined) return [];
    const { view, key } = change;
    const isNew = view.firstSeenAtMs === view.connectedAtMs;
    if (!isNew || view.instanceId === undefined) return [];
    const ghosts = [...this.#rowsOfDevice(view.deviceId)].filter(
      (row) => row.key !== key && isGhost(row, view),
    );
    const ghost = ghosts.sort((a, b) => (b.view?.ts ?? 0) - (a.view?.ts ?? 0))[0];
    if (ghost === undefined) return [];
    const stamp = this.#clock.next(now.wallMs);
    return [...ghost.said.values()]
      .filter(isStatement)
      .map(({ gatewayId }) => ({ gatewayId, key: ghost.key, stamp }));
  }

  #register(contribution: Contribution, cause: ChangeCause, batch: Batch): void {
    const { key, gatewayId, stamp } = contribution;
    const row = this.#rows.get(key) ?? this.#create(key);
    const known = row.said.get(gatewayId);
    if (known !== undefined && compareStamps(stamp, known.stamp) <= 0) return;
    row.said.set(gatewayId, contribution);
    if (!isStatement(contribution)) this.#graves.add({ row, contribution }, batch.now);
    this.#refresh(row, cause, batch);
  }

  #create(key: string): MergedRow {
    const row: MergedRow = { key, said: new Map(), view: undefined, isListed: false, place: undefined };
    this.#rows.set(key, row);
    return row;
  }

  /** Works out what follows from what is said about a row, and tells what viewers see of it. */
  #refresh(row: MergedRow, cause: ChangeCause, batch: Batch): void {
    const wasListed = row.isListed;
    this.#unindex(row);
    row.view = this.#viewOf(row, batch.now);
    this.#index(row);
    const crossed = this.#order.place(row);
    if (row.isListed || wasListed)
      this.#tell(row, row.view === undefined ? cause : evictedOr(cause, row), batch);
    for (const other of crossed) if (other !== row) this.#tell(other, evictedOr('replicated', other), batch);
    if (row.said.size === 0) this.#rows.delete(row.key);
  }

  #viewOf(row: MergedRow, now: Instant): InstanceView | undefined {
    const statements: Statement[] = [];
    for (const contribution of row.said.values()) {
      if (!isStatement(contribution)) continue;
      if (this.#isStale(contribution.view, now)) row.said.delete(contribution.gatewayId);
      else statements.push(contribution);
    }
    if (statements.length === 0) return undefined;
    const unreachableSinceMs = (gatewayId: string) => this.#unreachable.get(gatewayId);
    return mergedView(statements, { gatewayId: this.#options.gatewayId, unreachableSinceMs });
  }

  #tell(row: MergedRow, cause: ChangeCause, { changes }: Batch): void {
    const { key, view } = row;
    const version = this.#version + 1;
    if (row.isListed && view !== undefined) changes.push({ kind: 'upsert', key, view, cause, version });
    else {
      if (cause === 'evicted') this.#evictions += 1;
      changes.push({ kind: 'remove', key, cause, version });
    }
  }

  #close({ changes }: Batch): readonly Change[] {
    if (changes.length > 0) this.#version += 1;
    return changes;
  }

  #bury(row: MergedRow, contribution: Contribution): void {
    if (row.said.get(contribution.gatewayId) === contribution) row.said.delete(contribution.gatewayId);
    if (row.said.size === 0) this.#rows.delete(row.key);
  }

  #isExpired(row: MergedRow, now: Instant): boolean {
    return row.view !== undefined && this.#isStale(row.view, now);
  }

  #isStale(view: InstanceView, now: Instant): boolean {
    return now.wallMs - view.ts > this.#options.ttlMs;
  }

  #rowsOfDevice(deviceId: string | undefined): Iterable<MergedRow> {
    const key = presenceKey(deviceId);
    return (key === undefined ? undefined : this.#devices.get(key)) ?? [];
  }

  #index(row: MergedRow): void {
    const key = presenceKey(row.view?.deviceId);
    if (key === undefined) return;
    const rows = this.#devices.get(key) ?? new Set();
    this.#devices.set(key, rows.add(row));
  }

  #unindex(row: MergedRow): void {
    const key = presenceKey(row.view?.deviceId);
    const rows = key === undefined ? undefined : this.#devices.get(key);
    rows?.delete(row);
    if (key !== undefined && rows?.size === 0) this.#devices.delete(key);
  }
}

function isGhost({ view }: MergedRow, { mode }: InstanceView): boolean {
  return view !== undefined && view.connections === 0 && presenceKey(view.mode) === presenceKey(mode);
}

/** A row that is stated but not listed had to make room. */
function evictedOr(cause: ChangeCause, row: MergedRow): ChangeCause {
  return row.isListed ? cause : 'evicted';
}
