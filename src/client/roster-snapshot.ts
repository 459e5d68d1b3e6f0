import type { Instance } from './instance.ts';

/** The whole roster at one version, immutable. The same object as long as nothing changed. */
export interface RosterSnapshot {
  /** Self first, then newest first. Rows that did not change are the same objects as before. */
  readonly instances: readonly Instance[];
  /** Roster version of the gateway; 0 before the first list. */
  readonly version: number;
  /** The run of the gateway that `version` counts in; absent with gateways that do not tell. */
  readonly epoch?: string;
  /** The gateway's clock when this state was received, in milliseconds since the epoch; 0 before the first list. */
  readonly nowMs: number;
  /** True while connected and in step; false before the first list, while reconnecting, refused or stopped. */
  readonly live: boolean;
  /** When `live` is false and there are rows: the moment, by the gateway's clock, that they are from. */
  readonly asOfMs?: number;
  /** Room of the gateway's roster, where it tells (PT3). */
  readonly maxEntries?: number;
  /** True when the gateway had to evict rows for want of room and is still full. */
  readonly truncated?: boolean;
}
