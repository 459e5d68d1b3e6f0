import type { Change } from './change.ts';
import { type Contribution, isStatement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { Stamp } from './hybrid-clock.ts';
import { type MemberId, upstreamIdOf } from './member-id.ts';
import type { MemberStatus } from './member-status.ts';
import type { MergedRoster, Written } from './merged-roster.ts';
import type { Instant } from './ports.ts';
import type { ChangeListener } from './presence-reader.ts';
import type { UpstreamChanges } from './upstream-members.ts';

/** What some readers may see of a roster: as if it knew no other members (PU14). */
export interface RestrictedListing {
  /** +1 with every change that these readers see. */
  readonly version: number;
  readonly size: number;
  readonly maxEntries: number;
  readonly evictions: number;
  view(key: string, now: Instant): InstanceView | undefined;
  views(now: Instant): Iterable<InstanceView>;
  /** The listener receives nothing any more. */
  end(): void;
}

export interface RestrictedRosterOptions {
  /** The whole roster. */
  readonly source: MergedRoster;
  /** Names of gateways, as in `gateways` of a row; in any case. */
  readonly gateways: readonly string[];
  readonly onChanges: ChangeListener;
}

/**
 * A roster of its own over the registers of the members that are allowed, and the gateway's own row.
 *
 * What it lists, in which order, when it expires and what makes room for what follows from these registers alone. The whole
 * roster passes every input on after it took it; members are known by their names, which those of a cluster state in their rows.
 */
export class RestrictedRoster {
  readonly #source: MergedRoster;
  readonly #names: ReadonlySet<string>;
  readonly #onChanges: ChangeListener;
  readonly #listing: MergedRoster;
  readonly #included = new Set<MemberId>();

  constructor({ source, gateways, onChanges }: RestrictedRosterOptions, now: Instant) {
    this.#source = source;
    this.#names = new Set(gateways.map((name) => name.toLowerCase()));
    this.#onChanges = onChanges;
    this.#listing = source.restricted();
    for (const memberId of source.members()) if (this.#isAllowed(memberId)) this.#include(memberId, now);
  }

  get version(): number {
    return this.#listing.version;
  }

  get size(): number {
    return this.#listing.size;
  }

  get evictions(): number {
    return this.#listing.evictions;
  }

  view(key: string, now: Instant): InstanceView | undefined {
    return this.#listing.view(key, now);
  }

  views(now: Instant): Iterable<InstanceView> {
    return this.#listing.views(now);
  }

  /** This gateway published something. */
  mirror(written: readonly Written[], now: Instant): void {
    const isOwnRow = ({ contribution }: Written): boolean => contribution.view?.self === true;
    for (const { contribution } of written.filter(isOwnRow)) this.#review([contribution.memberId], now);
    const seen = written.filter((item) => isOwnRow(item) || this.#mayKnow(item.contribution));
    if (seen.length > 0) this.#emit(this.#listing.mirror(seen, now));
  }

  /** Contributions of the cluster, which the whole roster has taken. */
  receive(contributions: readonly Contribution[], now: Instant): void {
    const seen = contributions.filter((contribution) => this.#mayKnow(contribution));
    if (seen.length > 0) this.#emit(this.#listing.cluster.receive(seen, now));
    this.#review(membersOf(contributions), now);
  }

  receiveAll(
    memberId: MemberId,
    contributions: readonly Contribution[],
    asOf: Stamp,
    now: Instant,
    others: Iterable<string>,
  ): void {
    const seen = contributions.filter((contribution) => this.#mayKnow(contribution));
    if (this.#included.has(memberId))
      this.#emit(this.#listing.cluster.receiveAll(memberId, seen, asOf, now, others));
    this.#review([memberId, ...membersOf(contributions)], now);
  }

  /** The whole roster stamped everything of its own anew. */
  restamp(): void {
    this.#listing.cluster.takeStamps((key) => this.#source.ownRegister(key));
  }

  setStatus(memberId: MemberId, status: MemberStatus, now: Instant): void {
    if (this.#included.has(memberId)) this.#emit(this.#listing.cluster.setStatus(memberId, status, now));
  }

  addUpstream(id: string, now: Instant): void {
    this.#review([upstreamIdOf(id)], now);
  }

  replaceUpstream(id: string, rows: readonly InstanceView[], now: Instant): void {
    if (this.#has(id)) this.#emit(this.#listing.upstreams.replace(id, rows, now));
  }

  writeUpstream(id: string, changes: UpstreamChanges, now: Instant): void {
    if (this.#has(id)) this.#emit(this.#listing.upstreams.write(id, changes, now));
  }

  setUpstreamStatus(id: string, status: MemberStatus, now: Instant): void {
    if (this.#has(id)) this.#emit(this.#listing.upstreams.setStatus(id, status, now));
  }

  removeUpstream(id: string, now: Instant): void {
    if (!this.#included.delete(upstreamIdOf(id))) return;
    this.#emit(this.#listing.upstreams.remove(id, now));
  }

  republish(keys: readonly string[], now: Instant): void {
    this.#emit(this.#listing.republish(keys, now));
  }

  sweep(now: Instant): void {
    this.#emit(this.#listing.sweep(now));
  }

  nextExpiryMonoMs(now: Instant): number | undefined {
    return this.#listing.nextExpiryMonoMs(now);
  }

  #has(id: string): boolean {
    return this.#included.has(upstreamIdOf(id));
  }

  #isAllowed(memberId: MemberId): boolean {
    return this.#names.has(this.#source.nameOf(memberId).toLowerCase());
  }

  /** Of a member that is included, and not the doing of one that is not (PK8). */
  #mayKnow(contribution: Contribution): boolean {
    const { memberId, stamp } = contribution;
    if (!this.#included.has(memberId)) return false;
    return isStatement(contribution) || this.#included.has(stamp.memberId);
  }

  /** A gateway of a cluster states its name in its own row, and may change it. */
  #review(members: Iterable<MemberId>, now: Instant): void {
    for (const memberId of members) {
      const isAllowed = this.#isAllowed(memberId);
      if (isAllowed === this.#included.has(memberId)) continue;
      if (isAllowed) this.#emit(this.#include(memberId, now));
      else {
        this.#included.delete(memberId);
        this.#emit(this.#listing.exclude(memberId, now));
      }
    }
  }

  #include(memberId: MemberId, now: Instant): readonly Change[] {
    this.#included.add(memberId);
    return this.#listing.include(memberId, this.#source, now);
  }

  #emit(changes: readonly Change[]): void {
    if (changes.length > 0) this.#onChanges(changes);
  }
}

function membersOf(contributions: readonly Contribution[]): ReadonlySet<MemberId> {
  return new Set(contributions.map(({ memberId }) => memberId));
}
