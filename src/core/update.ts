import type { FactSource, HostStats } from './entry.ts';
import type { Facts } from './facts.ts';

/** A handshake succeeded (PR3, PR5). */
export interface ConnectUpdate {
  readonly connectionId: string;
  /** Facts of the client, already trimmed and checked. `deviceId` only when its signature was verified (PA3). */
  readonly facts: Omit<Facts, 'text'>;
  /** Address of the socket after trusted proxies; loopback is left out by the roster (PI1). */
  readonly observedIp?: string;
  /** Role granted to this connection. */
  readonly role: string;
  /** Scopes granted to this connection. */
  readonly scopes: readonly string[];
}

/** A `system-event` (PR6); `connectionId` names the sender when there is one. */
export interface BeaconUpdate {
  readonly connectionId?: string;
  /** Explicit parameters, and behind them what `parseNodeText` read from the text (PR6). */
  readonly facts: Facts;
  /**
   * Remove lastInputSeconds from the row, even when `facts` has one (tag `system-presence-clear-last-input`,
   * `last input unknown`).
   */
  readonly clearLastInput?: boolean;
}

/** A node event or an activity report of a live connection (PR9). */
export interface ActivityUpdate {
  readonly connectionId: string;
  /** New facts of the instance; an instanceId or deviceId in them is not looked at. */
  readonly facts?: Facts;
  readonly clearLastInput?: boolean;
  readonly hostStats?: HostStats;
  readonly source: Extract<FactSource, 'node-event' | 'activity'>;
}

/** Why the roster did not take an update. Expected refusals are values, not exceptions. */
export interface Refusal {
  readonly refused: 'self-row' | 'no-key' | 'unknown-connection';
  readonly message: string;
}

/** A refusal, in the form in which methods return it. */
export type Refused = { readonly refusal: Refusal };

export function refused(reason: Refusal['refused'], message: string): Refused {
  return { refusal: { refused: reason, message } };
}
