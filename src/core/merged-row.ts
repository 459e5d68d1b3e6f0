import type { Contribution } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import type { MemberId } from './member-id.ts';
import type { Ranked, Ranking } from './ranked-rows.ts';

/** One row of several members: what each member states, and what follows from it. */
export interface MergedRow extends Ranked<MergedRow> {
  readonly key: string;
  /** The latest contribution of each member, also those that say it has nothing any more; few, so that a map would be larger. */
  registers: readonly Contribution[];
  /** What follows; `undefined` while nobody states anything. */
  view: InstanceView | undefined;
  /** The row of a gateway, which is always listed. */
  isGateway: boolean;
}

/** The register of a member. */
export function registerOf(row: MergedRow | undefined, memberId: MemberId): Contribution | undefined {
  return row?.registers.find((contribution) => contribution.memberId === memberId);
}

/** Rows of several members in the same order on every gateway: by `ts`; of the same millisecond, by key. */
export const mergedRanking: Ranking<MergedRow> = {
  rankOf: ({ view, isGateway }) => {
    if (view === undefined) return undefined;
    if (isGateway) return 'pinned';
    return view.connections > 0 ? 'live' : 'quiet';
  },
  isNewer: (a, b) => {
    const aMs = a.view?.ts ?? 0;
    const bMs = b.view?.ts ?? 0;
    return aMs === bMs ? a.key > b.key : aMs > bMs;
  },
};
