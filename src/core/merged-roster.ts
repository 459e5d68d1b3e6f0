import {
  type Cause,
  evicted,
  expired,
  gatewayRestarting,
  gatewayUnreachable,
  removed,
  replaced,
  unknownCause,
  unlisted,
} from './cause.ts';
import type { Change, ChangeTrigger } from './change.ts';
import { type Contribution, isStatement, type Statement, statementOf } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { Holdings } from './holdings.ts';
import { compareStamps, HybridClock, type Stamp } from './hybrid-clock.ts';
import { presenceKey } from './key.ts';
import { LeapWatch } from './leap-watch.ts';
import { gatewayIdOf, type MemberId, upstreamIdOf } from './member-id.ts';
import { isSameStatus, lostAtMs, type MemberStatus, type UpstreamMember } from './member-status.ts';
import { evictedOr, type MergedRow, MergedRows, registerOf } from './merged-rows.ts';
import { mergedView } from './merged-view.ts';
import type { Instant } from './ports.ts';
import { RegisterTable, statementsOf } from './register-table.ts';
import { supersededRow } from './takeover.ts';
import { UpstreamRows } from './upstream-rows.ts';
import { wholeUpstreamView } from './upstream-view.ts';

/** Bounds of a merged roster; the same on every gateway of a cluster. */
export interface MergedRosterOptions {
  /** Who this is. */
  readonly memberId: MemberId;
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** Version of the list that is shown so far; default 0. */
  readonly version?: number;
  /** Rows that were dropped so far; default 0. */
  readonly evictions?: number;
  /** Name of this gateway in `gateways`; default the host of its own row. */
  readonly name?: string | undefined;
}

/** Rows of an upstream that are new or different there, and keys of rows that are gone there. */
export interface UpstreamChanges {
  readonly upsert: readonly InstanceView[];
  readonly remove: readonly string[];
}

/** A contribution of this member, and which input it came from. */
export interface Written {
  readonly contribution: Contribution;
  readonly trigger: ChangeTrigger;
}

/** What an update did: what this gateway's viewers see, and what the other members must be told. */
export interface MergeOutcome {
  readonly changes: readonly Change[];
  readonly written: readonly Written[];
}

/** Changes of one version, as they come together. */
interface Batch {
  readonly now: Instant;
  readonly changes: Change[];
}

/** A row that should have expired already is looked at again after this long: its member is about to say so. */
const secondLookMs = 500;

/**
 * One roster of several gateways.
 *
 * Every member keeps its own roster and says what is in it by {@link Contribution}s, a register per member and
 * key in which the latest stamp wins. What is listed is a function of the registers and statuses alone, so members
 * that know the same list the same rows, whatever the order, repetition or loss in between.
 *
 * A live member vouches for its rows and says itself when one expired; rows of others expire by their `ts`. The own
 * row is pinned first, outside of order and expiry, and nobody else can write it (PR2).
 */
export class MergedRoster {
  readonly #options: MergedRosterOptions;
  readonly #clock: HybridClock;
  readonly #table: RegisterTable;
  readonly #order: MergedRows;
  readonly #leaps: LeapWatch;
  readonly #statuses = new Map<MemberId, MemberStatus>();
  readonly #upstreams = new Map<MemberId, UpstreamRows>();
  #self: Statement | undefined;
  #version = 0;
  #evictions = 0;

  /** @param clock another roster of the same member takes stamps from it, too. */
  constructor(options: MergedRosterOptions, clock: HybridClock = new HybridClock(options.memberId)) {
    this.#options = options;
    this.#clock = clock;
    this.#table = new RegisterTable(options);
    this.#order = new MergedRows(options.maxEntries - 1);
    this.#leaps = new LeapWatch(options.ttlMs);
    this.#version = options.version ?? 0;
    this.#evictions = options.evictions ?? 0;
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
    return this.#table.tombstones;
  }

  /** The latest stamp that was taken or seen: everything said so far is not later. */
  get latestStamp(): Stamp {
    return this.#clock.latest;
  }

  /** What is known here of the rows of a member (PC11). */
  holdings(memberId: MemberId): Holdings {
    return this.#table.holdings(memberId);
  }

  view(key: string, now: Instant): InstanceView | undefined {
    if (key === this.#self?.key) return this.#selfView(now);
    const row = this.#table.get(key);
    return row?.isListed === true ? row.view : undefined;
  }

  /** All listed rows: self first, then newest first; of the same millisecond, by key. */
  *views(now: Instant): Generator<InstanceView, void, undefined> {
    const self = this.#selfView(now);
    if (self !== undefined) yield self;
    for (const { view } of this.#order.newestFirst()) if (view !== undefined) yield view;
  }

  /** True for the row of another gateway, which nobody but that gateway writes (PR2). */
  isGatewayRow(key: string): boolean {
    return this.#table.get(key)?.isGateway === true;
  }

  /** The freshest instance of a device, wherever its connections are (PK4). */
  freshestOfDevice(
    deviceId: string | undefined,
    isWanted: (key: string) => boolean,
  ): InstanceView | undefined {
    let freshest: InstanceView | undefined;
    for (const { key, view } of this.#table.ofDevice(deviceId)) {
      if (view !== undefined && isWanted(key) && view.ts > (freshest?.ts ?? -1)) freshest = view;
    }
    return freshest;
  }

  /** When the last connection of an instance to this gateway or its cluster closed; `undefined` when none did. */
  leftAtMs(key: string): number | undefined {
    const row = this.#table.get(key);
    if (row?.isListed !== true) return undefined;
    const own = statementsOf(row).filter(({ memberId }) => !this.#upstreams.has(memberId));
    if (own.length === 0) return undefined;
    return mergedView(own, (memberId) => this.#statuses.get(memberId)).disconnectedAtMs;
  }

  /** What this member's register of a row holds. */
  ownRegister(key: string): Contribution | undefined {
    return registerOf(this.#table.get(key), this.#options.memberId);
  }

  /** This member's own roster changed. */
  publish(changes: readonly Change[], now: Instant): MergeOutcome {
    const batch: Batch = { now, changes: [] };
    const written: Written[] = [];
    for (const change of changes) {
      written.push({ contribution: this.#publish(change, batch), trigger: change.trigger });
      for (const contribution of this.#takeOver(change, now)) {
        written.push({ contribution, trigger: 'taken-over' });
        this.#write(contribution, 'taken-over', batch);
      }
    }
    return { changes: this.#close(batch), written };
  }

  /** A roster of the same member that holds its own row and nothing else, until members are included (PU14). */
  restricted(): MergedRoster {
    const roster = new MergedRoster({ ...this.#options, version: 0, evictions: 0 }, this.#clock);
    roster.#self = this.#self;
    if (this.#self !== undefined) roster.#version = 1;
    return roster;
  }

  /** Takes a member in, with everything that another roster knows of it. */
  include(memberId: MemberId, source: MergedRoster, now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    const upstream = source.#upstreams.get(memberId);
    const status = source.#statuses.get(memberId);
    if (status !== undefined) this.#statuses.set(memberId, status);
    if (upstream !== undefined) {
      this.#upstreams.set(memberId, new UpstreamRows(upstream));
      this.#notifyCrossed(this.#order.addRoom(upstream.maxRows), batch);
    }
    for (const contribution of source.contributionsOf(memberId)) {
      if (contribution.view !== undefined) this.#upstreams.get(memberId)?.put(contribution.view);
      this.#write(contribution, 'replicated', batch);
    }
    return this.#close(batch);
  }

  /** Forgets a member of the cluster, and what it said. */
  exclude(memberId: MemberId, now: Instant): readonly Change[] {
    this.#statuses.delete(memberId);
    const batch: Batch = { now, changes: [] };
    for (const row of this.#table.clear(memberId)) this.#refresh(row, 'replicated', batch);
    return this.#close(batch);
  }

  /** Takes what another roster of this member published, as it was said there. */
  mirror(written: readonly Written[], now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    for (const { contribution, trigger } of written) {
      const isOwn = contribution.memberId === this.#options.memberId;
      if (isOwn && isStatement(contribution) && contribution.view.self === true)
        this.#publishSelf(contribution, batch);
      else this.#write(contribution, trigger, batch);
    }
    return this.#close(batch);
  }

  /** The registers of a member, in the order in which an upstream wrote them; without the own row. */
  contributionsOf(memberId: MemberId): readonly Contribution[] {
    const upstream = this.#upstreams.get(memberId);
    const rows =
      upstream === undefined
        ? [...this.#table.rows()]
        : Array.from(upstream.keys(), (key) => this.#table.get(key));
    return rows.map((row) => registerOf(row, memberId)).filter((register) => register !== undefined);
  }

  /** Members that anything is known of, this one included. */
  members(): ReadonlySet<MemberId> {
    const members = new Set([this.#options.memberId, ...this.#statuses.keys(), ...this.#upstreams.keys()]);
    for (const { registers } of this.#table.rows())
      for (const { memberId } of registers) members.add(memberId);
    return members;
  }

  /** Shows listed rows anew: nobody says anything of them, and their order stays. */
  republish(keys: readonly string[], now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    for (const key of keys) {
      if (key === this.#self?.key) this.#republishSelf(this.#self, batch);
      const row = this.#table.get(key);
      if (row?.isListed !== true || row.view === undefined) continue;
      const previous = row.view;
      this.#table.setView(row, { ...previous });
      this.#notify(row, 'annotated', batch, previous);
    }
    return this.#close(batch);
  }

  #republishSelf(self: Statement, { changes, now }: Batch): void {
    const previous = this.#selfView(now);
    this.#self = { ...self, view: { ...self.view } };
    const view = this.#selfView(now);
    if (view === undefined || previous === undefined) return;
    changes.push({
      kind: 'upsert',
      key: self.key,
      view,
      previous,
      trigger: 'annotated',
      version: this.#version + 1,
    });
  }

  /** Members said something; in any order, and as often as they like. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    // From old to new, so that each finds its place at the newest end.
    const usable = contributions.filter(({ stamp }) => this.#clock.isPossible(stamp, now.wallMs));
    for (const contribution of usable.sort((a, b) => (a.view?.ts ?? 0) - (b.view?.ts ?? 0))) {
      this.#clock.observe(contribution.stamp);
      const { key, memberId } = contribution;
      if (key !== this.#self?.key && !this.#upstreams.has(memberId))
        this.#write(contribution, 'replicated', batch);
    }
    return this.#close(batch);
  }

  /**
   * A member said everything that it had at a stamp: what it had said before and does not mention is gone (loss, then
   * resync).
   *
   * @param contributions all of that member's registers, and nobody else's.
   * @param others rows that it has too, but whose news cannot be used: they stay as they are.
   */
  receiveAll(
    memberId: MemberId,
    contributions: readonly Contribution[],
    asOf: Stamp,
    now: Instant,
    others: Iterable<string> = [],
  ): readonly Change[] {
    const changes = this.receive(contributions, now);
    const mentioned = new Set([...contributions.map(({ key }) => key), ...others]);
    // Every gateway has the row of its own.
    mentioned.add(presenceKey(gatewayIdOf(memberId)) ?? '');
    const batch: Batch = { now, changes: [] };
    for (const row of this.#table.clear(memberId, asOf, mentioned)) this.#refresh(row, 'replicated', batch);
    return [...changes, ...this.#close(batch)];
  }

  /** Everything that this member says, takeovers included, for one that joins or lost something. */
  everything(): readonly Contribution[] {
    const { memberId } = this.#options;
    const own: Contribution[] = this.#self === undefined ? [] : [this.#self];
    for (const { registers } of this.#table.rows()) {
      for (const contribution of registers) {
        if (contribution.memberId === memberId || contribution.stamp.memberId === memberId)
          own.push(contribution);
      }
    }
    return own;
  }

  /** Empties registers of this member that somebody still keeps, but that are not there any more. */
  retract(kept: readonly Contribution[], now: Instant): readonly Contribution[] {
    const { memberId } = this.#options;
    const stale = kept.filter(
      (contribution) =>
        contribution.memberId === memberId &&
        contribution.key !== this.#self?.key &&
        !this.ownRegister(contribution.key),
    );
    return stale.map(({ key }) => ({ memberId, key, stamp: this.#clock.next(now.wallMs) }));
  }

  /** The latest moment that a member can have seen on a clock that is set right (PC14). */
  latestPossibleMs(now: Instant): number {
    return this.#clock.latestPossibleMs(now.wallMs);
  }

  /**
   * The clock of the cluster is known now: states everything anew when stamps of this member are ahead of what is possible, as they
   * are after a start with a wrong clock. Nobody took them (PC14).
   */
  restamp(now: Instant): readonly Change[] {
    if (!this.#clock.restart(now.wallMs)) return [];
    const { memberId } = this.#options;
    const batch: Batch = { now, changes: [] };
    if (this.#self !== undefined) this.#self = { ...this.#self, stamp: this.#clock.next(now.wallMs) };
    for (const row of [...this.#table.rows()]) {
      const own = registerOf(row, memberId);
      if (own === undefined) continue;
      const { factsStamp: _, ...contribution } = own;
      this.#table.put(row, { ...contribution, stamp: this.#clock.next(now.wallMs) });
      this.#refresh(row, 'clock', batch);
    }
    return this.#close(batch);
  }

  /** Another roster of this member stamped its registers anew; what they say is the same. */
  takeStamps(source: MergedRoster): void {
    const { memberId } = this.#options;
    for (const row of this.#table.rows()) {
      const contribution = source.ownRegister(row.key);
      if (registerOf(row, memberId) !== undefined && contribution !== undefined)
        this.#table.put(row, contribution);
    }
  }

  /**
   * Shows what a gateway listed on its own until now: the same rows, with the names of their gateways.
   *
   * @param views the list, its own row first, then newest first.
   */
  adopt(views: readonly InstanceView[], now: Instant): readonly Change[] {
    const { memberId } = this.#options;
    const batch: Batch = { now, changes: [] };
    for (const view of [...views].reverse()) {
      const statement = { memberId, key: view.key, stamp: this.#clock.next(now.wallMs), view };
      if (view.self === true) this.#publishSelf(statement, batch);
      else this.#write(statement, 'replicated', batch);
    }
    const before = new Map(views.map((view) => [view.key, view]));
    return this.#close({
      now,
      changes: Array.from(this.views(now), (view) => {
        const previous = before.get(view.key) ?? view;
        const { key } = view;
        return { kind: 'upsert', key, view, previous, trigger: 'replicated', version: this.#version + 1 };
      }),
    });
  }

  /** An upstream is shown from now on. Throws `TypeError` for an id that is there, or a bound that is none. */
  addUpstream({ id, name, maxRows }: UpstreamMember, now: Instant): readonly Change[] {
    const memberId = upstreamIdOf(id);
    if (this.#upstreams.has(memberId)) throw new TypeError(`the upstream ${id} is a member already`);
    this.#upstreams.set(memberId, new UpstreamRows({ name, maxRows }));
    return this.#changeRoom(maxRows, now);
  }

  /** An upstream is shown no more, and no row that only it knows. */
  removeUpstream(id: string, now: Instant): readonly Change[] {
    const memberId = upstreamIdOf(id);
    const upstream = this.#upstream(id);
    const changes = this.writeUpstream(
      id,
      { upsert: [], remove: [...upstream.keys()] },
      now,
      removed(upstream.name),
    );
    this.#upstreams.delete(memberId);
    this.#statuses.delete(memberId);
    return [...changes, ...this.#changeRoom(-upstream.maxRows, now)];
  }

  /** An upstream said everything that it has: a row that is not in it is gone there. */
  replaceUpstream(id: string, rows: readonly InstanceView[], now: Instant): readonly Change[] {
    const mentioned = new Set(rows.map(({ key }) => key));
    const remove = [...this.#upstream(id).keys()].filter((key) => !mentioned.has(key));
    return this.writeUpstream(id, { upsert: rows, remove }, now);
  }

  /** An upstream said what changed there. */
  writeUpstream(
    id: string,
    { upsert, remove }: UpstreamChanges,
    now: Instant,
    cause: Cause = unlisted(this.#upstream(id).name),
  ): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    for (const key of remove) this.#dropOfUpstream(upstreamIdOf(id), key, 'replicated', batch, cause);
    for (const view of [...upsert].sort((a, b) => a.ts - b.ts)) {
      if (view.key !== this.#self?.key) this.#writeOfUpstream(id, view, batch);
    }
    return this.#close(batch);
  }

  #upstream(id: string): UpstreamRows {
    const upstream = this.#upstreams.get(upstreamIdOf(id));
    if (upstream === undefined) throw new TypeError(`${id} is no upstream of this roster`);
    return upstream;
  }

  #writeOfUpstream(id: string, view: InstanceView, batch: Batch): void {
    const memberId = upstreamIdOf(id);
    const { key } = view;
    const stamp = { ...this.#clock.next(batch.now.wallMs), memberId };
    const known = registerOf(this.#table.get(key), memberId)?.view;
    const upstream = this.#upstream(id);
    const whole = wholeUpstreamView(view, known, upstream.gateways);
    const tooMany = upstream.put(whole);
    // Facts are as old as the row: reading a list again states nothing anew.
    const factsStamp = { ms: view.ts, counter: 0, memberId };
    if (tooMany !== key) this.#write({ memberId, key, stamp, view: whole, factsStamp }, 'replicated', batch);
    if (tooMany !== undefined) this.#dropOfUpstream(memberId, tooMany, 'evicted', batch);
  }

  #dropOfUpstream(
    memberId: MemberId,
    key: string,
    trigger: ChangeTrigger,
    batch: Batch,
    cause?: Cause,
  ): void {
    this.#upstreams.get(memberId)?.delete(key);
    const row = this.#table.drop(key, memberId);
    if (row !== undefined) this.#refresh(row, trigger, batch, cause);
  }

  #changeRoom(rows: number, now: Instant): readonly Change[] {
    const batch: Batch = { now, changes: [] };
    this.#notifyCrossed(this.#order.addRoom(rows), batch);
    return this.#close(batch);
  }

  /** Something became known about an upstream. */
  setUpstreamStatus(id: string, status: MemberStatus, now: Instant): readonly Change[] {
    const { name } = this.#upstream(id);
    const cause = status.kind === 'restarting' ? gatewayRestarting(name) : undefined;
    return this.setStatus(upstreamIdOf(id), status, now, cause);
  }

  /** Something became known about a member. */
  setStatus(memberId: MemberId, status: MemberStatus, now: Instant, cause?: Cause): readonly Change[] {
    const known = this.#statuses.get(memberId);
    if (isSameStatus(known, status)) return [];
    this.#statuses.set(memberId, status);
    const batch: Batch = { now, changes: [] };
    for (const row of this.#table.rows()) {
      if (registerOf(row, memberId)?.view !== undefined) this.#refresh(row, 'replicated', batch, cause);
    }
    return this.#close(batch);
  }

  /** Drops rows that nobody vouches for and nobody has renewed for `ttlMs`, and tombstones of that age (PT1, PT2). */
  sweep(instant: Instant): readonly Change[] {
    const now = this.#leaps.withoutLeap(instant);
    const batch: Batch = { now: instant, changes: [] };
    for (const [memberId, status] of this.#statuses) {
      if (
        this.#upstreams.has(memberId) ||
        now.wallMs - (lostAtMs(status) ?? now.wallMs) <= this.#options.ttlMs
      )
        continue;
      this.#statuses.delete(memberId);
      for (const row of this.#table.clear(memberId)) this.#refresh(row, 'expired', batch);
    }
    const oldestMs = now.wallMs - this.#options.ttlMs;
    for (const [memberId, upstream] of this.#upstreams) {
      for (const key of upstream.seenBefore(oldestMs, this.#hasLeft(memberId, now)))
        this.#dropOfUpstream(memberId, key, 'expired', batch);
    }
    for (const row of this.#order.seenBefore(oldestMs)) {
      const statements = statementsOf(row);
      if (statements.some((statement) => this.#isVouchedFor(statement, now))) continue;
      // A later statement that did not count beside these is listed from now on, until it expires itself.
      this.#table.expire(
        row,
        statements.filter(({ view }) => view.ts < oldestMs),
      );
      this.#refresh(row, 'expired', batch);
    }
    this.#table.sweep(now);
    return this.#close(batch);
  }

  /** Monotonic moment at which {@link sweep} may have something to drop. */
  nextExpiryMonoMs(now: Instant): number | undefined {
    const times = [
      this.#order.oldestMs,
      ...[...this.#statuses.values()].map(lostAtMs),
      ...Array.from(this.#upstreams, ([memberId, rows]) => rows.oldestMs(this.#hasLeft(memberId, now))),
    ];
    const known = times.filter((time) => time !== undefined);
    if (known.length === 0) return undefined;
    const inMs = Math.min(...known) + this.#options.ttlMs + 1 - now.wallMs;
    return now.monoMs + (inMs > 0 ? inMs : secondLookMs);
  }

  #selfView(now: Instant): InstanceView | undefined {
    if (this.#self === undefined) return undefined;
    return {
      ...this.#self.view,
      ts: Math.round(now.wallMs),
      gateways: [this.nameOf(this.#options.memberId)],
    };
  }

  /** A member that is there says itself when a row is gone; an upstream, only of those that are connected to it. */
  #isVouchedFor({ memberId, view }: Statement, now: Instant): boolean {
    if (!this.#upstreams.has(memberId))
      return memberId === this.#options.memberId || this.#statuses.get(memberId)?.kind === 'up';
    return view.self === true || (view.connections > 0 && !this.#hasLeft(memberId, now));
  }

  /** True for an upstream that was not heard for so long that connections to it are not vouched for any more. */
  #hasLeft(memberId: MemberId, now: Instant): boolean {
    const status = this.#statuses.get(memberId);
    return status?.kind !== 'up' && now.wallMs - (lostAtMs(status) ?? 0) > this.#options.ttlMs;
  }

  /**
   * The name of a gateway, which is the host of its own row where nobody gave it another. All runs of a gateway have the name that
   * the latest of them states, so that members list the same names whichever runs they remember (PC1).
   */
  nameOf(memberId: MemberId): string {
    const upstream = this.#upstreams.get(memberId);
    if (upstream !== undefined) return upstream.name;
    const id = gatewayIdOf(memberId);
    if (id === gatewayIdOf(this.#options.memberId)) return this.#options.name ?? this.#self?.view.host ?? id;
    return this.#ownRowOf(id)?.host ?? id;
  }

  /** What the latest run of another gateway states in its own row. */
  #ownRowOf(gatewayId: string): InstanceView | undefined {
    const row = this.#table.get(presenceKey(gatewayId) ?? gatewayId);
    let latest: Statement | undefined;
    for (const statement of row === undefined ? [] : statementsOf(row)) {
      if (statement.view.self !== true || gatewayIdOf(statement.memberId) !== gatewayId) continue;
      if (latest === undefined || compareStamps(statement.stamp, latest.stamp) > 0) latest = statement;
    }
    return latest?.view;
  }

  #publish(change: Change, batch: Batch): Contribution {
    const { memberId } = this.#options;
    const stamp = this.#clock.next(batch.now.wallMs);
    const { key, trigger } = change;
    if (change.kind === 'remove') {
      const tombstone = { memberId, key, stamp, ...(change.cause && { cause: change.cause }) };
      this.#write(tombstone, trigger, batch);
      return tombstone;
    }
    const statement = statementOf(change, stamp, this.ownRegister(key));
    if (change.view.self === true) this.#publishSelf(statement, batch);
    else this.#write(statement, trigger, batch);
    return statement;
  }

  #publishSelf(statement: Statement, batch: Batch): void {
    const { memberId, key, view } = statement;
    const known = this.#self?.view;
    const name = this.nameOf(memberId);
    this.#self = statement;
    const gateways = [this.nameOf(memberId)];
    const previous = known && { previous: { ...known, gateways: [name] } };
    const version = this.#version + 1;
    batch.changes.push({
      kind: 'upsert',
      key,
      view: { ...view, gateways },
      ...previous,
      trigger: 'self',
      version,
    });
    if (gateways[0] !== name) this.#rename(gatewayIdOf(memberId), batch);
  }

  /** Rows name the gateways that know them, whichever run it was. */
  #rename(gatewayId: string, batch: Batch): void {
    for (const row of this.#table.rows()) {
      if (statementsOf(row).some(({ memberId }) => gatewayIdOf(memberId) === gatewayId))
        this.#refresh(row, 'replicated', batch);
    }
  }

  /** A web client that comes back to another gateway leaves no row behind at the first (PK8). */
  #takeOver(change: Change, now: Instant): readonly Contribution[] {
    const superseded = supersededRow(change, this.#table);
    if (superseded === undefined) return [];
    const stamp = this.#clock.next(now.wallMs);
    const cause = replaced(change.key);
    // What an upstream says can be unsaid by that upstream only.
    const writable = statementsOf(superseded).filter(({ memberId }) => !this.#upstreams.has(memberId));
    return writable.map(({ memberId }) => ({ memberId, key: superseded.key, stamp, cause }));
  }

  #write(contribution: Contribution, trigger: ChangeTrigger, batch: Batch): void {
    const { key, memberId, view } = contribution;
    const isGateway = view?.self === true || this.isGatewayRow(key);
    const known = isGateway ? this.nameOf(memberId) : undefined;
    const row = this.#table.write(contribution, batch.now);
    if (row === undefined) return;
    this.#refresh(row, trigger, batch, contribution.cause);
    if (isGateway && this.nameOf(memberId) !== known) this.#rename(gatewayIdOf(memberId), batch);
  }

  /** Works out what follows from what is said about a row, and tells what viewers see of it. */
  #refresh(row: MergedRow, trigger: ChangeTrigger, batch: Batch, cause?: Cause): void {
    const previous = row.isListed ? row.view : undefined;
    const statusOf = (memberId: MemberId) => this.#statuses.get(memberId);
    // A gateway that ended is not listed any more, other than its clients.
    const statements = statementsOf(row).filter(
      ({ memberId, view }) => view.self !== true || statusOf(memberId)?.kind !== 'left',
    );
    row.isGateway = statements.some(({ view }) => view.self === true);
    this.#table.setView(row, this.#viewOf(statements));
    const crossed = this.#order.place(row);
    if (row.isListed || previous !== undefined)
      this.#notify(row, row.view === undefined ? trigger : evictedOr(trigger, row), batch, previous, cause);
    this.#notifyCrossed(
      crossed.filter((other) => other !== row),
      batch,
    );
  }

  #viewOf(statements: readonly Statement[]): InstanceView | undefined {
    const [only] = statements;
    if (only === undefined) return undefined;
    const statusOf = (memberId: MemberId) => this.#statuses.get(memberId);
    // What an upstream states is whole: it is kept once, by its register and by the list.
    if (statements.length === 1 && only.view.self !== true && this.#upstreams.has(only.memberId)) {
      if (lostAtMs(statusOf(only.memberId)) === undefined) return only.view;
    }
    return mergedView(statements, statusOf, (id) => this.nameOf(id));
  }

  #notifyCrossed(crossed: readonly MergedRow[], batch: Batch): void {
    for (const row of crossed)
      this.#notify(row, evictedOr('replicated', row), batch, row.isListed ? undefined : row.view);
  }

  #notify(
    { key, view, isListed }: MergedRow,
    trigger: ChangeTrigger,
    { changes, now }: Batch,
    previous: InstanceView | undefined,
    leaving?: Cause,
  ): void {
    const known = previous === undefined ? {} : { previous };
    const version = this.#version + 1;
    if (isListed && view !== undefined) {
      const cause = statusCause(previous, view, leaving);
      changes.push({ kind: 'upsert', key, view, ...known, trigger, ...(cause && { cause }), version });
      return;
    }
    if (trigger === 'evicted') this.#evictions += 1;
    const cause = this.#removalCause(trigger, now, previous, leaving);
    changes.push({ kind: 'remove', key, ...known, trigger, ...(cause && { cause }), version });
  }

  #removalCause(
    trigger: ChangeTrigger,
    now: Instant,
    previous: InstanceView | undefined,
    leaving: Cause | undefined,
  ): Cause | undefined {
    if (trigger === 'evicted') return evicted(this.#options.maxEntries);
    if (leaving !== undefined || trigger !== 'expired') return leaving ?? unknownCause;
    return expired(now.wallMs - (previous?.ts ?? now.wallMs));
  }

  #close({ changes }: Batch): readonly Change[] {
    if (changes.length > 0) this.#version += 1;
    return changes;
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
