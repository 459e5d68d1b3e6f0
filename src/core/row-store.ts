import { type Cause, evicted, expired, listedAgain, replaced } from './cause.ts';
import type { Change, ChangeTrigger, Remove, Upsert } from './change.ts';
import { DeviceIndex } from './device-index.ts';
import type { InstanceView } from './entry.ts';
import { noSources } from './fact-source.ts';
import type { Facts } from './facts.ts';
import { viewOf } from './instance-view.ts';
import { composeGatewayText } from './node-text.ts';
import type { Instant } from './ports.ts';
import { RankedRows, type Ranking } from './ranked-rows.ts';
import type { RosterRules } from './roster-options.ts';
import { createRow, mergeFacts, type Row } from './row.ts';
import { SharedValues } from './shared-values.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A wall clock that moved by at least this much against the monotonic one was set, not slewed. */
const clockJumpMs = 1_000;

/**
 * The rows: who is listed, in which order, at which version, and what was published last.
 *
 * A visible change is made in three steps: {@link begin} opens it (one new version, and whatever was waiting to
 * be published), then the rows are changed, then {@link publish}, {@link republish} or {@link remove} emit the change.
 */
export class RowStore {
  /** One copy of what many rows have in common. */
  readonly shared: SharedValues = new SharedValues();
  readonly #rules: RosterRules;
  /** Rows by key: the listed ones, and those that have live connections. The gateway's own is apart. */
  readonly #rows = new Map<string, Row>();
  /** Their order, and which are listed; without the gateway's own. Rows that are live wait where there is no room, others are dropped. */
  readonly #ranked: RankedRows<Row>;
  #published = 0;
  readonly #devices = new DeviceIndex<Row>();
  readonly #renewed = new Set<Row>();
  #self: Row | undefined;
  #wallOffsetMs: number | undefined;
  /** The own row as it was read last; what it was made from is another object after every change. */
  #freshSelf: { readonly published: InstanceView; readonly view: InstanceView } | undefined;
  #version = 0;
  #evictions = 0;

  constructor(rules: RosterRules) {
    this.#rules = rules;
    this.#ranked = new RankedRows(rules.maxEntries, localRanking);
  }

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#ranked.size + (this.#self === undefined ? 0 : 1);
  }

  get evictions(): number {
    return this.#evictions;
  }

  get pendingRenewals(): number {
    return this.#renewed.size;
  }

  get(key: string | undefined): Row | undefined {
    return key === undefined ? undefined : this.#rows.get(key);
  }

  isSelf(key: string): boolean {
    return key === this.#self?.key;
  }

  ofDevice(deviceId: string | undefined): Row | undefined {
    return this.#devices.freshest(deviceId);
  }

  disconnectedOfDevice(deviceId: string | undefined, mode: string | undefined): Row | undefined {
    return this.#devices.newestDisconnected(deviceId, mode);
  }

  /**
   * Opens a visible change: one new version, to which waiting renewals and a set wall clock are added first.
   * No renewal waits after it, so that rows may be taken off the list.
   */
  begin(now: Instant): Change[] {
    const changes: Change[] = [];
    const clockWasSet = this.#followWallClock(now);
    this.#version += 1;
    this.#emitRenewals(changes);
    if (clockWasSet) this.#emitAll(changes);
    return changes;
  }

  create(key: string, now: Instant): Row {
    const row = createRow(key, now.monoMs);
    this.#rows.set(key, row);
    return row;
  }

  /** Gives a listed row a new key, under which it is to be published next (PK8). */
  move(row: Row, key: string, changes: Change[]): void {
    this.#rows.delete(row.key);
    this.#emitRemoval(row, 'taken-over', changes, replaced(key));
    row.key = key;
    this.#rows.set(key, row);
  }

  /** Publishes an update of a row: its `ts` is now, it is the newest, and the oldest make room for it (PT3). */
  publish(row: Row, trigger: ChangeTrigger, now: Instant, changes: Change[], cause?: Cause): void {
    const previous = row.isListed ? row.view : undefined;
    this.#touch(row, now.monoMs);
    if (previous === undefined && cause === undefined) row.cause = listedAgain;
    this.#emit(row, trigger, changes, previous, previous === undefined ? row.cause : cause);
    this.#settle(now, changes);
  }

  /** Publishes that a listed row changed without being renewed: `ts` and order stay. */
  republish(row: Row, trigger: ChangeTrigger, changes: Change[]): void {
    this.#emit(row, trigger, changes, row.view);
  }

  /** Publishes listed rows anew, the gateway's own too: their `ts` and order stay. */
  republishListed(keys: readonly string[], now: Instant): readonly Change[] {
    const changes = this.begin(now);
    for (const key of keys) {
      const row = this.isSelf(key) ? this.#self : this.#rows.get(key);
      if (row !== undefined) this.#emit(row, 'annotated', changes, row.view);
    }
    return changes;
  }

  /** Takes a row off the list and out of the roster. */
  remove(row: Row, trigger: ChangeTrigger, now: Instant, changes: Change[], cause: Cause | undefined): void {
    this.#unlist(row, trigger, changes, cause);
    this.forget(row);
    this.#settle(now, changes);
  }

  /** Drops an unlisted row. */
  forget(row: Row): void {
    this.#ranked.remove(row);
    this.#rows.delete(row.key);
    this.#devices.remove(row);
  }

  setSelf(key: string, facts: Facts, now: Instant): readonly Change[] {
    if (this.#rows.has(key) || (this.#self !== undefined && !this.isSelf(key))) {
      throw new TypeError("the gateway's own row has one key, which nobody else may have");
    }
    const changes = this.begin(now);
    const previous = this.#self?.view;
    const row = this.#self ?? createRow(key, now.monoMs);
    if (this.#self === undefined) this.#ranked.addRoom(-1);
    this.#self = row;
    row.facts = {};
    row.sources = noSources;
    mergeFacts(row, { text: composeGatewayText(facts), ...facts }, 'gateway', now.monoMs, this.shared);
    row.seenMonoMs = now.monoMs;
    this.#emit(row, 'self', changes, previous);
    this.#settle(now, changes);
    return changes;
  }

  renew(row: Row, now: Instant): readonly Change[] {
    if (!row.isListed) return this.#relist(row, now);
    row.renewedMonoMs = now.monoMs;
    // Deleted first, so that the set stays in order of renewal and each row is placed as the newest.
    this.#renewed.delete(row);
    this.#renewed.add(row);
    this.#devices.place(row);
    return [];
  }

  publishRenewals(now: Instant): readonly Change[] {
    return this.#renewed.size === 0 ? [] : this.begin(now);
  }

  sweep(now: Instant): readonly Change[] {
    if (this.size === 0) return [];
    if (!this.#wallClockWasSet(now) && !this.#isExpired(this.#ranked.oldestListed, now)) return [];
    const changes = this.begin(now);
    for (let row = this.#ranked.oldestListed; this.#isExpired(row, now); row = this.#ranked.oldestListed) {
      this.#unlist(row, 'expired', changes, expired(now.monoMs - row.seenMonoMs));
      if (row.connections === 0) this.forget(row);
    }
    this.#settle(now, changes);
    return changes;
  }

  nextExpiryMonoMs(): number | undefined {
    const oldest = this.#ranked.oldestListed;
    return oldest === undefined ? undefined : oldest.seenMonoMs + this.#rules.ttlMs + 1;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    if (this.isSelf(key)) return this.#selfView(now);
    const row = this.#rows.get(key);
    return row?.isListed === true ? row.view : undefined;
  }

  *views(now: Instant): Generator<InstanceView, void, undefined> {
    const self = this.#selfView(now);
    if (self !== undefined) yield self;
    for (const row of this.#ranked.newestFirst()) yield row.view;
  }

  /** The gateway's own row is fresh whenever it is read (PR2): one view for all who read in the same millisecond. */
  #selfView(now: Instant): InstanceView | undefined {
    const published = this.#self?.view;
    if (published === undefined) return undefined;
    const ts = Math.round(now.wallMs);
    if (this.#freshSelf?.published !== published || this.#freshSelf.view.ts !== ts) {
      this.#freshSelf = { published, view: { ...published, ts } };
    }
    return this.#freshSelf.view;
  }

  /** A live connection whose row had to go comes back, where one without a connection can make room for it. */
  #relist(row: Row, now: Instant): readonly Change[] {
    if (!this.#ranked.hasRoomForLive) {
      this.#ranked.wait(row);
      return [];
    }
    const changes = this.begin(now);
    this.publish(row, 'renewal', now, changes);
    return changes;
  }

  #touch(row: Row, monoMs: number): void {
    row.seenMonoMs = monoMs;
    row.renewedMonoMs = undefined;
    this.#published += 1;
    row.order = this.#published;
    // Who waits is shown as well before it has to wait again.
    if (!row.isListed) this.#ranked.remove(row);
    this.#ranked.place(row);
    this.#devices.place(row);
  }

  #emit(
    row: Row,
    trigger: ChangeTrigger,
    changes: Change[],
    previous: InstanceView | undefined,
    cause?: Cause,
  ): void {
    if (row.sources !== row.view.sources) row.sources = this.shared.sources(row.sources);
    const view = viewOf(row, this.#wallOffsetMs ?? 0);
    row.view = row === this.#self ? { ...view, self: true } : view;
    const { key } = row;
    const change: Mutable<Upsert> = { kind: 'upsert', key, view: row.view, trigger, version: this.#version };
    if (previous !== undefined) {
      change.previous = previous;
      if (previous.key !== key) change.previousKey = previous.key;
    }
    if (cause !== undefined) change.cause = cause;
    changes.push(change);
  }

  #emitRemoval(row: Row, trigger: ChangeTrigger, changes: Change[], cause: Cause | undefined): void {
    const { key, view } = row;
    const change: Mutable<Remove> = { kind: 'remove', key, previous: view, trigger, version: this.#version };
    if (cause !== undefined) change.cause = cause;
    changes.push(change);
  }

  #emitRenewals(changes: Change[]): void {
    for (const row of this.#renewed) {
      this.#touch(row, row.renewedMonoMs ?? row.seenMonoMs);
      this.#emit(row, 'renewal', changes, row.view);
    }
    this.#renewed.clear();
  }

  #emitAll(changes: Change[]): void {
    if (this.#self !== undefined) this.#emit(this.#self, 'clock', changes, this.#self.view);
    for (const row of this.#ranked.newestFirst()) this.#emit(row, 'clock', changes, row.view);
  }

  /** Makes room, and gives what there is to those that are connected and wait for it (PT3). */
  #settle(now: Instant, changes: Change[]): void {
    for (const row of this.#ranked.settle()) {
      if (row.isListed) {
        row.cause = listedAgain;
        this.#touch(row, now.monoMs);
        this.#emit(row, 'renewal', changes, undefined, listedAgain);
      } else {
        this.#evictions += 1;
        this.#emitRemoval(row, 'evicted', changes, evicted(this.#rules.maxEntries));
        if (row.connections === 0) this.forget(row);
      }
    }
  }

  /** Takes a row off the list. */
  #unlist(row: Row, trigger: ChangeTrigger, changes: Change[], cause: Cause | undefined): void {
    if (!row.isListed) return;
    this.#ranked.remove(row);
    this.#emitRemoval(row, trigger, changes, cause);
  }

  #isExpired(row: Row | undefined, now: Instant): row is Row {
    return row !== undefined && now.monoMs - row.seenMonoMs > this.#rules.ttlMs;
  }

  #wallClockWasSet(now: Instant): boolean {
    if (this.#wallOffsetMs === undefined) return false;
    return Math.abs(now.wallMs - now.monoMs - this.#wallOffsetMs) >= clockJumpMs;
  }

  /** True when rows have to be published anew because the wall clock was set (PT4). */
  #followWallClock(now: Instant): boolean {
    const wasSet = this.#wallClockWasSet(now);
    if (wasSet || this.#wallOffsetMs === undefined) this.#wallOffsetMs = now.wallMs - now.monoMs;
    return wasSet;
  }
}

/** Rows of this gateway in the order in which they were published last. */
const localRanking: Ranking<Row> = {
  rankOf: ({ connections }) => (connections > 0 ? 'live' : 'quiet'),
  isNewer: (a, b) => a.order > b.order,
};
