import type { Cause } from './cause.ts';
import type { Change, ChangeTrigger } from './change.ts';
import type { Contribution, Statement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { compareStamps, HybridClock } from './hybrid-clock.ts';
import { gatewayIdOf, type MemberId } from './member-id.ts';
import { lostAtMs, type MemberStatus } from './member-status.ts';
import { Members } from './members.ts';
import { type Batch, MergedListing } from './merged-listing.ts';
import { type MergedRow, registerOf } from './merged-row.ts';
import { mergedView } from './merged-view.ts';
import type { Instant } from './ports.ts';
import { RegisterTable, statementsOf } from './register-table.ts';
import { presenceKey } from './text-form.ts';

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

/**
 * What all members state, and what is listed of it.
 *
 * What is listed is a function of the registers and statuses alone: whoever changes one of them calls {@link write} or {@link refresh},
 * and nothing else makes a view. The own row is apart: it is pinned first, outside of order and expiry, and nobody else can write it (PR2).
 */
export class MergedState {
  readonly options: MergedRosterOptions;
  readonly clock: HybridClock;
  readonly table: RegisterTable;
  readonly listing: MergedListing;
  readonly members: Members;
  #self: Statement | undefined;

  /** @param clock another roster of the same member takes stamps from it, too. */
  constructor(options: MergedRosterOptions, clock: HybridClock = new HybridClock(options.memberId)) {
    this.options = options;
    this.clock = clock;
    this.table = new RegisterTable(options);
    this.listing = new MergedListing(options);
    this.members = new Members(options.memberId, options.ttlMs);
  }

  get memberId(): MemberId {
    return this.options.memberId;
  }

  /** What this gateway states of itself. */
  get self(): Statement | undefined {
    return this.#self;
  }

  /** The own row as it is read: fresh at every reading (PR2). */
  selfView(now: Instant): InstanceView | undefined {
    if (this.#self === undefined) return undefined;
    return { ...this.#self.view, ts: Math.round(now.wallMs), gateways: [this.nameOf(this.memberId)] };
  }

  /** Keeps what this gateway states of itself, without a change. */
  setSelf(statement: Statement): void {
    this.#self = statement;
  }

  /** This gateway states something else of itself. */
  publishSelf(statement: Statement, batch: Batch): void {
    const { memberId } = statement;
    const known = this.#self?.view;
    const name = this.nameOf(memberId);
    this.#self = statement;
    const newName = this.nameOf(memberId);
    const previous = known && { ...known, gateways: [name] };
    this.#notifySelf({ ...statement.view, gateways: [newName] }, previous, 'self', batch);
    if (newName !== name) this.#rename(gatewayIdOf(memberId), batch);
  }

  /** Shows the own row anew. */
  republishSelf(batch: Batch): void {
    const view = this.selfView(batch.now);
    if (view !== undefined) this.#notifySelf({ ...view }, view, 'annotated', batch);
  }

  #notifySelf(
    view: InstanceView,
    previous: InstanceView | undefined,
    trigger: ChangeTrigger,
    { changes }: Batch,
  ): void {
    const { key } = view;
    const version = this.listing.nextVersion;
    changes.push({ kind: 'upsert', key, view, ...(previous && { previous }), trigger, version });
  }

  /** True for the row of another gateway, which nobody but that gateway writes (PR2). */
  isGatewayRow(key: string): boolean {
    return this.table.get(key)?.isGateway === true;
  }

  /** What this member's register of a row holds. */
  ownRegister(key: string): Contribution | undefined {
    return registerOf(this.table.get(key), this.memberId);
  }

  /** Writes a register, unless it holds something later. */
  write(contribution: Contribution, trigger: ChangeTrigger, batch: Batch): void {
    const { key, memberId, view } = contribution;
    const isGateway = view?.self === true || this.isGatewayRow(key);
    const known = isGateway ? this.nameOf(memberId) : undefined;
    const row = this.table.write(contribution, batch.now);
    if (row === undefined) return;
    this.refresh(row, trigger, batch, contribution.cause);
    if (isGateway && this.nameOf(memberId) !== known) this.#rename(gatewayIdOf(memberId), batch);
  }

  /** Works out what follows from what is stated of a row, and adds what viewers see of it. */
  refresh(row: MergedRow, trigger: ChangeTrigger, batch: Batch, cause?: Cause): void {
    const previous = row.isListed ? row.view : undefined;
    // A gateway that ended is not listed any more, other than its clients.
    const statements = statementsOf(row).filter(
      ({ memberId, view }) => view.self !== true || this.members.statusOf(memberId)?.kind !== 'left',
    );
    row.isGateway = statements.some(({ view }) => view.self === true);
    this.table.setView(row, this.#viewOf(statements));
    this.listing.place(row, previous, trigger, batch, cause);
  }

  /** Something became known about a member. */
  setStatus(memberId: MemberId, status: MemberStatus, now: Instant, cause?: Cause): readonly Change[] {
    if (!this.members.setStatus(memberId, status)) return [];
    const batch = this.listing.open(now);
    for (const row of this.#rowsOf(memberId)) {
      if (registerOf(row, memberId)?.view !== undefined) this.refresh(row, 'replicated', batch, cause);
    }
    return this.listing.close(batch);
  }

  /** The registers of a member, in the order in which an upstream wrote them; without the own row. */
  contributionsOf(memberId: MemberId): readonly Contribution[] {
    return this.#rowsOf(memberId)
      .map((row) => registerOf(row, memberId))
      .filter((register) => register !== undefined);
  }

  /** Rows of which a member may have a register: those that an upstream wrote, else all. */
  #rowsOf(memberId: MemberId): readonly MergedRow[] {
    const upstream = this.members.upstream(memberId);
    if (upstream === undefined) return [...this.table.rows()];
    return Array.from(upstream.keys(), (key) => this.table.get(key)).filter((row) => row !== undefined);
  }

  #viewOf(statements: readonly Statement[]): InstanceView | undefined {
    const [only] = statements;
    if (only === undefined) return undefined;
    if (statements.length === 1 && this.#isWhole(only)) return only.view;
    const statusOf = (memberId: MemberId) => this.members.statusOf(memberId);
    return mergedView(statements, statusOf, (memberId) => this.nameOf(memberId));
  }

  /** What an upstream states is whole while it can be reached: its register and the list keep one view. */
  #isWhole({ memberId, view }: Statement): boolean {
    if (view.self === true || !this.members.isUpstream(memberId)) return false;
    return lostAtMs(this.members.statusOf(memberId)) === undefined;
  }

  /**
   * The name of a gateway, which is the host of its own row where nobody gave it another. All runs of a gateway have the name that
   * the latest of them states, so that members list the same names whichever runs they remember (PC1).
   */
  nameOf(memberId: MemberId): string {
    const upstream = this.members.upstream(memberId);
    if (upstream !== undefined) return upstream.name;
    const id = gatewayIdOf(memberId);
    if (id === gatewayIdOf(this.memberId)) return this.options.name ?? this.#self?.view.host ?? id;
    return this.#ownRowOf(id)?.host ?? id;
  }

  /** What the latest run of another gateway states in its own row. */
  #ownRowOf(gatewayId: string): InstanceView | undefined {
    const row = this.table.get(presenceKey(gatewayId) ?? gatewayId);
    let latest: Statement | undefined;
    for (const statement of row === undefined ? [] : statementsOf(row)) {
      if (statement.view.self !== true || gatewayIdOf(statement.memberId) !== gatewayId) continue;
      if (latest === undefined || compareStamps(statement.stamp, latest.stamp) > 0) latest = statement;
    }
    return latest?.view;
  }

  /** Rows name the gateways that have them, whichever run it was. */
  #rename(gatewayId: string, batch: Batch): void {
    for (const row of this.table.rows()) {
      if (statementsOf(row).some(({ memberId }) => gatewayIdOf(memberId) === gatewayId))
        this.refresh(row, 'replicated', batch);
    }
  }
}
