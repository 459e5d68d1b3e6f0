import type { Facts } from '../core/entry.ts';

/** What a beacon may say: any fact of the instance; absent facts are left as they are (PK5). */
export interface BeaconFields extends Facts {
  /** Remove lastInputSeconds from the row: the idle time is no longer known. */
  readonly clearLastInput?: boolean;
}

/** What became of a beacon. A refusal is a value: presence is best effort. */
export type BeaconResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly retryable: boolean };
