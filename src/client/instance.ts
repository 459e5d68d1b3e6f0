import type { InstanceView, PresenceEntry } from '../core/entry.ts';
import { ageMs, type Status, statusOf } from '../core/status.ts';
import { compareText } from './sorted-list.ts';

/**
 * One row as a viewer has it: the public facts, the key, and whatever else the gateway sends.
 *
 * A Rollcall gateway sends all of `InstanceView`; a gateway with full `presence` lists only sends the
 * `PresenceEntry` alone, so everything beyond it is optional here. Immutable: a row that did not change is the same
 * object in every later roster. Members that this version of the library does not define are passed on as they came.
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

/** The whole roster at one version, immutable. The same object as long as nothing changed. */
export interface RosterSnapshot {
  /**
   * Self first, then newest first. Rows that did not change are the same objects as before. Made when it is first read, so a
   * listener that needs single rows or changes does not pay for it.
   */
  readonly instances: readonly Instance[];
  /** Roster version of the gateway; 0 before the first list. */
  readonly version: number;
  /** The run of the gateway that `version` counts in; absent with gateways that do not send it. */
  readonly epoch?: string;
  /** The gateway's clock when this state was received, in milliseconds since the epoch; 0 before the first list. */
  readonly nowMs: number;
  /** True while connected and in step; false before the first list, while reconnecting, refused or stopped. */
  readonly live: boolean;
  /** When `live` is false and there are rows: the moment, by the gateway's clock, that they are from. */
  readonly asOfMs?: number;
  /** Capacity of the gateway's roster, where it sends it (PT3). */
  readonly maxEntries?: number;
  /** True when the gateway had to evict rows for want of room and is still full. */
  readonly truncated?: boolean;
  /** Where the gateway's journal stood at the last list, for `presence.journal`; absent with gateways that keep none. */
  readonly journalCursor?: string;
}

/** Status of a row at a moment of the gateway's clock (PS1, PS2): `statusAt(row, client.serverNowMs())`. The gateway itself is always active. */
export function statusAt(instance: Pick<Instance, 'ts' | 'self'>, serverNowMs: number): Status {
  return instance.self ? 'active' : statusOf(ageMs(instance, serverNowMs));
}

/** Order of a roster: self first, then newest first; rows of the same moment by key, so that every viewer shows one order. */
export function compareInstances(a: Instance, b: Instance): number {
  return Number(b.self ?? false) - Number(a.self ?? false) || b.ts - a.ts || compareText(a.key, b.key);
}
