import type { Change } from './change.ts';
import type { Contribution } from './contribution.ts';
import type { Holdings } from './holdings.ts';
import type { Stamp } from './hybrid-clock.ts';
import { gatewayIdOf, type MemberId } from './member-id.ts';
import type { MemberStatus } from './member-status.ts';
import { registerOf } from './merged-row.ts';
import type { MergedState } from './merged-state.ts';
import type { Instant } from './ports.ts';
import { presenceKey } from './text-form.ts';

/** What the gateways of a cluster exchange: registers, in any order and as often as they like. */
export class ClusterRegisters {
  readonly #state: MergedState;

  constructor(state: MergedState) {
    this.#state = state;
  }

  /** The latest stamp that was taken or seen: everything said so far is not later. */
  get latestStamp(): Stamp {
    return this.#state.clock.latest;
  }

  /** What is known here of the rows of a member (PC11). */
  holdings(memberId: MemberId): Holdings {
    return this.#state.table.holdings(memberId);
  }

  /** Contributions of members, in any order, and repeated as often as they like. */
  receive(contributions: readonly Contribution[], now: Instant): readonly Change[] {
    const { clock, listing, members, self } = this.#state;
    const batch = listing.open(now);
    // From old to new, so that each finds its place at the newest end.
    const usable = contributions.filter(({ stamp }) => clock.isPossible(stamp, now.wallMs));
    for (const contribution of usable.sort((a, b) => (a.view?.ts ?? 0) - (b.view?.ts ?? 0))) {
      clock.observe(contribution.stamp);
      const { key, memberId } = contribution;
      if (key !== self?.key && !members.isUpstream(memberId))
        this.#state.write(contribution, 'replicated', batch);
    }
    return listing.close(batch);
  }

  /**
   * Everything that a member had at a stamp: what it published before and does not mention is gone (loss, then
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
    const { listing, table } = this.#state;
    const batch = listing.open(now);
    for (const row of table.clear(memberId, asOf, mentioned)) this.#state.refresh(row, 'replicated', batch);
    return [...changes, ...listing.close(batch)];
  }

  /** Everything that this member publishes, takeovers included, for one that joins or lost something. */
  everything(): readonly Contribution[] {
    const { memberId, self, table } = this.#state;
    const own: Contribution[] = self === undefined ? [] : [self];
    for (const { registers } of table.rows()) {
      for (const contribution of registers) {
        if (contribution.memberId === memberId || contribution.stamp.memberId === memberId)
          own.push(contribution);
      }
    }
    return own;
  }

  /** Empties registers of this member that somebody still keeps, but that are not there any more. */
  retract(kept: readonly Contribution[], now: Instant): readonly Contribution[] {
    const { clock, memberId, self } = this.#state;
    const stale = kept.filter(
      (contribution) =>
        contribution.memberId === memberId &&
        contribution.key !== self?.key &&
        !this.#state.ownRegister(contribution.key),
    );
    return stale.map(({ key }) => ({ memberId, key, stamp: clock.next(now.wallMs) }));
  }

  /** Something became known about a gateway of the cluster. */
  setStatus(memberId: MemberId, status: MemberStatus, now: Instant): readonly Change[] {
    return this.#state.setStatus(memberId, status, now);
  }

  /** The latest moment that a member can have seen on a clock that is set right (PC14). */
  latestPossibleMs(now: Instant): number {
    return this.#state.clock.latestPossibleMs(now.wallMs);
  }

  /**
   * The clock of the cluster is known now: states everything anew when stamps of this member are ahead of what is possible, as they
   * are after a start with a wrong clock. Nobody took them (PC14).
   */
  restamp(now: Instant): readonly Change[] {
    const { clock, listing, memberId, self, table } = this.#state;
    if (!clock.restart(now.wallMs)) return [];
    const batch = listing.open(now);
    if (self !== undefined) this.#state.setSelf({ ...self, stamp: clock.next(now.wallMs) });
    for (const row of [...table.rows()]) {
      const own = registerOf(row, memberId);
      if (own === undefined) continue;
      const { factsStamp: _, ...contribution } = own;
      table.put(row, { ...contribution, stamp: clock.next(now.wallMs) });
      this.#state.refresh(row, 'clock', batch);
    }
    return listing.close(batch);
  }

  /** Another roster of this member stamped its registers anew; what they hold is the same. */
  takeStamps(source: (key: string) => Contribution | undefined): void {
    const { memberId, table } = this.#state;
    for (const row of table.rows()) {
      const contribution = source(row.key);
      if (registerOf(row, memberId) !== undefined && contribution !== undefined) table.put(row, contribution);
    }
  }
}
