import type { Cause } from './cause.ts';
import type { InstanceView } from './entry.ts';

/** Which input of the roster changed a row. */
export type ChangeTrigger =
  | 'self'
  | 'connect'
  | 'disconnect'
  | 'beacon'
  | 'activity'
  | 'renewal'
  | 'clock'
  | 'expired'
  | 'evicted'
  | 'transient'
  | 'taken-over'
  | 'removed'
  | 'annotated'
  | 'replicated';

/** A row is new or different. `previousKey` is set when the row moved to a new key (PK8). */
export interface Upsert {
  readonly kind: 'upsert';
  readonly key: string;
  readonly view: InstanceView;
  /** The row as it was listed before; absent when it was not listed. */
  readonly previous?: InstanceView;
  readonly trigger: ChangeTrigger;
  /** Why the instance arrived, left or came back with this change; absent when it did not (PJ1). */
  readonly cause?: Cause;
  /** Roster version after this change; changes that belong together share one. */
  readonly version: number;
  readonly previousKey?: string;
}

/** A row is gone. */
export interface Remove {
  readonly kind: 'remove';
  readonly key: string;
  /** The row as it was listed before. */
  readonly previous?: InstanceView;
  readonly trigger: ChangeTrigger;
  /** Why the row is gone (PJ1). */
  readonly cause?: Cause;
  readonly version: number;
}

/**
 * One visible change of the roster, as plain data.
 *
 * Applying all changes in order to the list of version v gives the list of every later version (PE3).
 * Versions of successive changes never decrease; two changes share a version only when they came from one update.
 */
export type Change = Upsert | Remove;

/** True when an upsert says that a row was renewed, or what its connections are, but no fact that was reported anew. */
export function saysNoFacts({ trigger, view }: Upsert): boolean {
  return trigger === 'renewal' || trigger === 'clock' || (trigger === 'disconnect' && view.connections > 0);
}
