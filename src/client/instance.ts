import type { InstanceView, PresenceEntry } from '../core/entry.ts';

/**
 * One row as a viewer has it: the public facts, the key, and whatever else the gateway tells.
 *
 * A Rollcall gateway sends all of `InstanceView`; a gateway that knows only full `presence` lists sends the
 * `PresenceEntry` alone, so everything beyond it is optional here. Immutable: a row that did not change is the same
 * object in every later roster.
 */
export interface Instance extends PresenceEntry, Partial<Omit<InstanceView, keyof PresenceEntry | 'key'>> {
  /** Unique in the roster, trimmed and lower-cased (PK1). */
  readonly key: string;
}

/** A row is new. */
export interface Join {
  readonly kind: 'join';
  readonly key: string;
  readonly instance: Instance;
}

/** A row is different. `previousKey` is set when the row moved to a new key (PK8); the old key is gone then. */
export interface Update {
  readonly kind: 'update';
  readonly key: string;
  readonly instance: Instance;
  readonly previous: Instance;
  readonly previousKey?: string;
}

/** A row is gone; `instance` is the last that was known of it. */
export interface Leave {
  readonly kind: 'leave';
  readonly key: string;
  readonly instance: Instance;
}

/** One visible change of the roster, as a viewer sees it. */
export type InstanceChange = Join | Update | Leave;
