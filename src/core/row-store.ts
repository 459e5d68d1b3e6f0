import { type Cause, evicted, expired, listedAgain, replaced } from './cause.ts';
import type { Change, ChangeTrigger, Remove, Upsert } from './change.ts';
import { DeviceIndex } from './device-index.ts';
import type { InstanceView } from './entry.ts';
import { noSources } from './fact-source.ts';
import type { Facts } from './facts.ts';
import { viewOf } from './instance-view.ts';
import { composeGatewayText } from './node-text.ts';
import type { Instant } from './ports.ts';
import { RecencyList } from './recency-list.ts';
import type { RosterRules } from './roster-options.ts';
import { createRow, mergeFacts, type Row } from './row.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A wall clock that moved by at least this much against the monotonic one was set, not slewed. */
const clockJumpMs = 1_000;

/**
 * The rows: who is listed, in which order, at which version, and what viewers were told.
 *
 * A visible change is made in three steps: {@link begin} opens it (one new version, and whatever was waiting to
 * be told), then the rows are changed, then {@link publish}, {@link republish} or {@link remove} tell it.
 */
export class RowStore {
  readonly #rules: RosterRules;
  /** Rows by key: the listed ones, and those that have live connections. The gateway's own is apart. */
  readonly #rows = new Map<string, Row>();
  readonly #freshness = new RecencyList<Row>();
  readonly #devices = new DeviceIndex();
  readonly #renewed = new Set<Row>();
  #self: Row | undefined;
  #wallOffsetMs: number | undefined;
  /** The own row as it was read last; what it was `told` from is another object after every change. */
  #freshSelf: { readonly told: InstanceView; readonly view: InstanceView } | undefined;
  #version = 0;
  #evictions = 0;

  constructor(rules: RosterRules) {
    this.#rules = rules;
  }

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#freshness.size + (this.#self === undefined ? 0 : 1);
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

  parkedOfDevice(deviceId: string | undefined, mode: string | undefined): Row | undefined {
    return this.#devices.freshestParked(deviceId, mode);
  }

  /**
   * Opens a visible change: one new version, to which waiting renewals and a set wall clock are added first.
   * No renewal waits after it, so that rows may be taken off the list.
   */
  begin(now: Instant): Change[] {
    const changes: Change[] = [];
    const clockWasSet = this.#followWallClock(now);
    this.#version += 1;
    this.#tellRenewals(changes);
    if (clockWasSet) this.#tellAll(changes);
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
    this.#tellRemoval(row, 'taken-over', changes, replaced(key));
    row.key = key;
    this.#rows.set(key, row);
  }

  /** Tells an update of a row: its `ts` is now, it is the newest, and the oldest make room for it (PT3). */
  publish(row: Row, trigger: ChangeTrigger, now: Instant, changes: Change[], cause?: Cause): void {
    const previous = row.listed === undefined ? undefined : row.view;
    this.#touch(row, now.monoMs);
    if (previous === undefined && cause === undefined) row.cause = listedAgain;
    this.#tell(row, trigger, changes, previous, previous === undefined ? row.cause : cause);
    this.#evict(changes);
  }

  /** Tells that a listed row changed without being renewed: `ts` and order stay. */
  republish(row: Row, trigger: ChangeTrigger, changes: Change[]): void {
    this.#tell(row, trigger, changes, row.view);
  }

  /** Takes a row off the list and out of the roster. */
  remove(row: Row, trigger: ChangeTrigger, changes: Change[], cause: Cause | undefined): void {
    this.#unlist(row, trigger, changes, cause);
    this.forget(row);
  }

  /** Drops an unlisted row. */
  forget(row: Row): void {
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
    this.#self = row;
    row.facts = {};
    row.sources = noSources;
    mergeFacts(row, { text: composeGatewayText(facts), ...facts }, 'gateway', now.monoMs);
    row.seenMonoMs = now.monoMs;
    this.#tell(row, 'self', changes, previous);
    this.#evict(changes);
    return changes;
  }

  renew(row: Row, now: Instant): readonly Change[] {
    if (row.listed === undefined) return this.#relist(row, now);
    row.renewedMonoMs = now.monoMs;
    // Deleted first, so that the set stays in order of renewal and the freshness list needs no sort.
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
    if (!this.#wallClockWasSet(now) && !this.#isExpired(this.#freshness.oldest, now)) return [];
    const changes = this.begin(now);
    for (let row = this.#freshness.oldest; this.#isExpired(row, now); row = this.#freshness.oldest) {
      this.#drop(row, 'expired', changes, expired(now.monoMs - row.seenMonoMs));
    }
    return changes;
  }

  nextExpiryMonoMs(): number | undefined {
    const oldest = this.#freshness.oldest;
    return oldest === undefined ? undefined : oldest.seenMonoMs + this.#rules.ttlMs + 1;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    if (this.isSelf(key)) return this.#selfView(now);
    const row = this.#rows.get(key);
    return row?.listed === undefined ? undefined : row.view;
  }

  *views(now: Instant): Generator<InstanceView, void, undefined> {
    const self = this.#selfView(now);
    if (self !== undefined) yield self;
    for (const row of this.#freshness.newestFirst()) yield row.view;
  }

  /** The gateway's own row is fresh whenever it is read (PR2): one view for all who read in the same millisecond. */
  #selfView(now: Instant): InstanceView | undefined {
    const told = this.#self?.view;
    if (told === undefined) return undefined;
    const ts = Math.round(now.wallMs);
    if (this.#freshSelf?.told !== told || this.#freshSelf.view.ts !== ts) {
      this.#freshSelf = { told, view: { ...told, ts } };
    }
    return this.#freshSelf.view;
  }

  /** A live connection whose row had to go comes back as soon as there is room. */
  #relist(row: Row, now: Instant): readonly Change[] {
    if (this.size >= this.#rules.maxEntries) return [];
    const changes = this.begin(now);
    this.publish(row, 'renewal', now, changes);
    return changes;
  }

  #touch(row: Row, monoMs: number): void {
    row.seenMonoMs = monoMs;
    row.renewedMonoMs = undefined;
    if (row.listed === undefined) row.listed = this.#freshness.add(row);
    else this.#freshness.renew(row.listed);
    this.#devices.place(row);
  }

  #tell(
    row: Row,
    trigger: ChangeTrigger,
    changes: Change[],
    previous: InstanceView | undefined,
    cause?: Cause,
  ): void {
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

  #tellRemoval(row: Row, trigger: ChangeTrigger, changes: Change[], cause: Cause | undefined): void {
    const { key, view } = row;
    const change: Mutable<Remove> = { kind: 'remove', key, previous: view, trigger, version: this.#version };
    if (cause !== undefined) change.cause = cause;
    changes.push(change);
  }

  #tellRenewals(changes: Change[]): void {
    for (const row of this.#renewed) {
      this.#touch(row, row.renewedMonoMs ?? row.seenMonoMs);
      this.#tell(row, 'renewal', changes, row.view);
    }
    this.#renewed.clear();
  }

  #tellAll(changes: Change[]): void {
    if (this.#self !== undefined) this.#tell(this.#self, 'clock', changes, this.#self.view);
    for (const row of this.#freshness.newestFirst()) this.#tell(row, 'clock', changes, row.view);
  }

  #evict(changes: Change[]): void {
    while (this.size > this.#rules.maxEntries) {
      const oldest = this.#freshness.oldest;
      if (oldest === undefined) return;
      this.#evictions += 1;
      this.#drop(oldest, 'evicted', changes, evicted(this.#rules.maxEntries));
    }
  }

  /** Takes a row off the list; it stays known while it has live connections. */
  #drop(row: Row, trigger: ChangeTrigger, changes: Change[], cause: Cause): void {
    this.#unlist(row, trigger, changes, cause);
    if (row.connections === 0) this.forget(row);
  }

  #unlist(row: Row, trigger: ChangeTrigger, changes: Change[], cause: Cause | undefined): void {
    if (row.listed === undefined) return;
    this.#freshness.remove(row.listed);
    row.listed = undefined;
    this.#tellRemoval(row, trigger, changes, cause);
  }

  #isExpired(row: Row | undefined, now: Instant): row is Row {
    return row !== undefined && now.monoMs - row.seenMonoMs > this.#rules.ttlMs;
  }

  #wallClockWasSet(now: Instant): boolean {
    if (this.#wallOffsetMs === undefined) return false;
    return Math.abs(now.wallMs - now.monoMs - this.#wallOffsetMs) >= clockJumpMs;
  }

  /** True when rows have to be told anew because the wall clock was set (PT4). */
  #followWallClock(now: Instant): boolean {
    const wasSet = this.#wallClockWasSet(now);
    if (wasSet || this.#wallOffsetMs === undefined) this.#wallOffsetMs = now.wallMs - now.monoMs;
    return wasSet;
  }
}
