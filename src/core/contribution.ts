import type { InstanceView } from './entry.ts';
import type { Stamp } from './hybrid-clock.ts';
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
  /** When it was said; a takeover (PK8) is stamped by another member. */
  readonly stamp: Stamp;
  /** The row as that member knows it; absent when it knows it no more. */
  readonly view?: InstanceView;
}

/** A contribution that says something, rather than that there is nothing. */
export interface Statement extends Contribution {
  readonly view: InstanceView;
}

/** True when the member still has the row. */
export function isStatement(contribution: Contribution): contribution is Statement {
  return contribution.view !== undefined;
}
