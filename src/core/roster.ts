import type { Cause } from './cause.ts';
import type { Change } from './change.ts';
import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { MemberStatus, UpstreamMember } from './member-status.ts';
import type { Instant } from './ports.ts';
import type { ChangeListener } from './presence-reader.ts';
import type { RestrictedListing } from './restricted-roster.ts';
import type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';
import type { UpstreamChanges } from './upstream-members.ts';

/** What an update did: the visible changes in order, or why it was refused and nothing changed. */
export type Outcome = { readonly changes: readonly Change[] } | { readonly refusal: Refusal };

/** Which row an update is about. */
export interface Target {
  readonly key: string;
  /** The row is the one of the connection that sent the update (PA5). */
  readonly own: boolean;
}

/**
 * The single in-memory map from presence key to instance.
 *
 * Every method that takes a moment may change the roster and returns all visible changes of it; moments must not
 * go back on their monotonic clock. Reading never writes. Every update, renewal, expiry and eviction costs O(1)
 * per row that it touches, whatever `maxEntries` is (PT5).
 *
 * Renewals are kept back until the next visible change, which they join, or until {@link publishRenewals} (PE4);
 * until then readers see the row as it was published, so that snapshot and changes always agree (PE3).
 */
export interface Roster {
  /** +1 with every visible change; 0 before the first. */
  readonly version: number;
  /** Listed rows, the gateway's own included. */
  readonly size: number;
  /** Most rows that fit. */
  readonly maxEntries: number;
  /** Rows that were dropped for want of room so far. */
  readonly evictions: number;
  /** Renewals that are not published yet. */
  readonly pendingRenewals: number;

  /**
   * Writes the gateway's own row anew; nobody else can (PR1, PR2). To be called before anything else and again when
   * a fact of the machine changes. Throws `TypeError` without an instanceId, for another one than before, and when
   * somebody else has its key already.
   */
  setSelf(facts: Facts, now: Instant): readonly Change[];
  /** A handshake succeeded (PR3, PR5). Throws `TypeError` when the connection id is blank or live already. */
  connect(update: ConnectUpdate, now: Instant): Outcome;
  /** A connection closed, for this cause, `unknown` by default; unknown ids change nothing (PR8). */
  disconnect(connectionId: string, now: Instant, cause?: Cause): readonly Change[];
  /** A `system-event` (PR6). */
  beacon(update: BeaconUpdate, now: Instant): Outcome;
  /** A node event or an activity report (PR9). */
  activity(update: ActivityUpdate, now: Instant): Outcome;
  /** A live connection answered a keep-alive ping (PR7); `rttMs` is the round trip in milliseconds. */
  renew(connectionId: string, rttMs: number | undefined, now: Instant): readonly Change[];
  /**
   * Drops a row that has no live connection: its client is listed elsewhere (PK8 across gateways), or, with a cause, somebody
   * removed it (PO7).
   */
  forget(key: string, now: Instant, cause?: Cause): readonly Change[];
  /** Makes listed rows visible anew as one change: something that is known of them beside the roster is different (PO4). */
  republish(keys: readonly string[], now: Instant): readonly Change[];
  /** Makes the renewals so far visible as one change (PE4). */
  publishRenewals(now: Instant): readonly Change[];
  /** Prunes rows older than `ttlMs` and follows a wall clock that was set (PT1, PT4). */
  sweep(now: Instant): readonly Change[];
  /** Monotonic moment at which {@link sweep} has something to prune, `undefined` when nothing can expire. */
  nextExpiryMonoMs(now: Instant): number | undefined;

  /**
   * An upstream is shown from now on: a gateway that somebody else runs, whose rows are read only (PU6, PU7).
   *
   * Its rows count beside `maxEntries`, up to its own `maxRows`. They expire `ttlMs` after their `ts`, but for live ones
   * while it is up, and for those of one that cannot be reached `ttlMs` after it was lost. Throws `TypeError` for an id
   * that is a member already. The other methods throw for one that is none.
   */
  addMember(member: UpstreamMember, now: Instant): readonly Change[];
  /** Everything that a member has; rows that are not in it are gone there. */
  replaceMember(id: string, rows: readonly InstanceView[], now: Instant): readonly Change[];
  /** What changed at a member. */
  writeMember(id: string, changes: UpstreamChanges, now: Instant): readonly Change[];
  /** Rows of a member that cannot be reached are unreachable, not gone. */
  setMemberStatus(id: string, status: MemberStatus, now: Instant): readonly Change[];
  /** A member is shown no more. */
  removeMember(id: string, now: Instant): readonly Change[];

  /**
   * What readers see who may see the rows of some gateways only (PU14): the listing of a roster that never knew the others.
   *
   * @param gateways names, as in `gateways` of a row; the gateway's own row is always listed.
   * @param onChanges receives every later change of the listing, while the roster is being changed.
   * @returns the listing, and what changed for all readers: rows name their gateways from now on.
   */
  restrict(
    gateways: readonly string[],
    onChanges: ChangeListener,
    now: Instant,
  ): { readonly listing: RestrictedListing; readonly changes: readonly Change[] };

  /** Which row a beacon is about, without changing anything (PK3, PK4, PA5). */
  target(update: BeaconUpdate): Target | { readonly refusal: Refusal };
  /** Key of the row of a live connection; `undefined` for an unknown one. Hidden ones have a key, but no row. */
  keyOf(connectionId: string | undefined): string | undefined;
  /** The view of one listed row. */
  view(key: string, now: Instant): InstanceView | undefined;
  /** All listed rows: self first, then newest first (PW6). */
  views(now: Instant): Generator<InstanceView, void, undefined>;
}
