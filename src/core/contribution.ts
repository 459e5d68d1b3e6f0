import type { AnnotationRecord } from './annotation-book.ts';
import type { Cause } from './cause.ts';
import { saysNoFacts, type Upsert } from './change.ts';
import type { InstanceView } from './entry.ts';
import { compareStamps, type Stamp } from './hybrid-clock.ts';
import type { MemberId } from './member-id.ts';

/**
 * What one member of a cluster says about one instance: a register of its own, in which the latest stamp wins.
 *
 * Plain data that travels between gateways. Receiving contributions in any order, twice, or again after a loss
 * leads to the same state.
 */
export interface Contribution {
  /** The member whose register this is. */
  readonly memberId: MemberId;
  /** Presence key of the row. */
  readonly key: string;
  /** When it was written; a takeover (PK8) is stamped by another member. */
  readonly stamp: Stamp;
  /** The row as that member has it; absent when it has it no more. */
  readonly view?: InstanceView;
  /** Why the member has the row no more, where it is known. */
  readonly cause?: Cause;
  /** Annotations of an operator: such a contribution is about no row, and of all members together (PO5). */
  readonly annotation?: AnnotationRecord;
  /** When the facts in it were reported, where that was before `stamp`: a renewal reports no new ones. */
  readonly factsStamp?: Stamp;
}

/** A contribution with a row, rather than one that empties its register. */
export interface Statement extends Contribution {
  readonly view: InstanceView;
}

/** True when the member still has the row. */
export function isStatement(contribution: Contribution): contribution is Statement {
  return contribution.view !== undefined;
}

/**
 * What a member publishes of a row of its own that changed.
 *
 * @param known what its register of that row holds: facts that are not reported anew are as old as there.
 */
export function statementOf(change: Upsert, stamp: Stamp, known: Contribution | undefined): Statement {
  const { key, view } = change;
  const statement = { memberId: stamp.memberId, key, stamp, view };
  if (!saysNoFacts(change) || known?.view === undefined) return statement;
  return { ...statement, factsStamp: known.factsStamp ?? known.stamp };
}

/** Order in which facts were reported. */
export function compareFacts(a: Contribution, b: Contribution): number {
  return compareStamps(a.factsStamp ?? a.stamp, b.factsStamp ?? b.stamp);
}
