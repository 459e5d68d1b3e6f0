import type { InstanceView } from './entry.ts';
import type { MemberId } from './member-id.ts';
import { upstreamIdOf } from './member-id.ts';
import { isSameStatus, lostAtMs, type MemberStatus, type UpstreamMember } from './member-status.ts';
import type { Instant } from './ports.ts';
import { UpstreamRows } from './upstream-rows.ts';

/** The members of a roster beside this gateway: how they stand, and who vouches for which rows. */
export class Members {
  readonly #ownId: MemberId;
  readonly #ttlMs: number;
  readonly #statuses = new Map<MemberId, MemberStatus>();
  readonly #upstreams = new Map<MemberId, UpstreamRows>();

  constructor(ownId: MemberId, ttlMs: number) {
    this.#ownId = ownId;
    this.#ttlMs = ttlMs;
  }

  /** Members that something is known of, this one included. */
  ids(): readonly MemberId[] {
    return [this.#ownId, ...this.#statuses.keys(), ...this.#upstreams.keys()];
  }

  statusOf(memberId: MemberId): MemberStatus | undefined {
    return this.#statuses.get(memberId);
  }

  /** False: that was known. */
  setStatus(memberId: MemberId, status: MemberStatus): boolean {
    if (isSameStatus(this.#statuses.get(memberId), status)) return false;
    this.#statuses.set(memberId, status);
    return true;
  }

  isUpstream(memberId: MemberId): boolean {
    return this.#upstreams.has(memberId);
  }

  /** The rows of an upstream, by the id of the member. */
  upstream(memberId: MemberId): UpstreamRows | undefined {
    return this.#upstreams.get(memberId);
  }

  /** Throws `TypeError` for an id that is there, or a bound that is none. */
  addUpstream({ id, name, maxRows }: UpstreamMember): void {
    const memberId = upstreamIdOf(id);
    if (this.#upstreams.has(memberId)) throw new TypeError(`the upstream ${id} is a member already`);
    this.#upstreams.set(memberId, new UpstreamRows({ name, maxRows }));
  }

  /** Takes over what another roster has of a member, but for its rows. */
  include(memberId: MemberId, source: Members): UpstreamRows | undefined {
    const status = source.statusOf(memberId);
    if (status !== undefined) this.#statuses.set(memberId, status);
    const upstream = source.upstream(memberId);
    if (upstream !== undefined) this.#upstreams.set(memberId, new UpstreamRows(upstream));
    return upstream;
  }

  forget(memberId: MemberId): void {
    this.#statuses.delete(memberId);
    this.#upstreams.delete(memberId);
  }

  /** A member that is up publishes itself when a row is gone; an upstream, only of those that are connected to it. */
  isVouchedFor(memberId: MemberId, view: InstanceView, now: Instant): boolean {
    if (!this.#upstreams.has(memberId))
      return memberId === this.#ownId || this.#statuses.get(memberId)?.kind === 'up';
    return view.self === true || (view.connections > 0 && !this.#hasLeft(memberId, now));
  }

  /** Gateways of the cluster that were lost more than `ttlMs` ago. */
  expired(now: Instant): readonly MemberId[] {
    const lost = [...this.#statuses].filter(
      ([memberId, status]) =>
        !this.#upstreams.has(memberId) && now.wallMs - (lostAtMs(status) ?? now.wallMs) > this.#ttlMs,
    );
    return lost.map(([memberId]) => memberId);
  }

  /** Rows of upstreams that were last seen before a moment and that the upstream does not vouch for. */
  *expiredRows(oldestMs: number, now: Instant): Generator<readonly [MemberId, string], void, undefined> {
    for (const [memberId, rows] of this.#upstreams)
      for (const key of rows.seenBefore(oldestMs, this.#hasLeft(memberId, now))) yield [memberId, key];
  }

  /** The moments from which `ttlMs` runs: of members that were lost, and of the oldest rows of upstreams. */
  expiryStartsMs(now: Instant): readonly (number | undefined)[] {
    return [
      ...Array.from(this.#statuses.values(), lostAtMs),
      ...Array.from(this.#upstreams, ([memberId, rows]) => rows.oldestMs(this.#hasLeft(memberId, now))),
    ];
  }

  /** True for an upstream that has sent nothing for so long that connections to it are not vouched for any more. */
  #hasLeft(memberId: MemberId, now: Instant): boolean {
    const status = this.#statuses.get(memberId);
    return status?.kind !== 'up' && now.wallMs - (lostAtMs(status) ?? 0) > this.#ttlMs;
  }
}
