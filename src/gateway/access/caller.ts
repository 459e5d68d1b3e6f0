import type { BeaconUpdate, Refusal, Roster } from '../../core/index.ts';
import { grantsWrite, type Role, refusal, type WireError } from '../../protocol/index.ts';

/** Who asks: a live connection, or an HTTP request, which has no connection. */
export interface Caller {
  readonly connectionId: string | undefined;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** Verified device of the connection (PA3). */
  readonly deviceId: string | undefined;
}

/**
 * Why a caller may not send a beacon, or `undefined` when it may (PA5, PR2). The one place that decides it.
 *
 * Operators with write scope may write every row but the gateway's own. Everybody else may write the row of the
 * own connection, and put no device id into it that was not verified: it would draw the device's updates there.
 */
export function beaconRefusal(update: BeaconUpdate, caller: Caller, roster: Roster): WireError | undefined {
  const target = roster.target(update);
  if ('refusal' in target) return rosterRefusal(target.refusal);
  if (mayWriteEveryRow(caller)) return undefined;
  if (!target.own) return refusal('foreignRow');
  const { deviceId } = update.facts;
  return deviceId === undefined || deviceId === caller.deviceId ? undefined : refusal('foreignRow');
}

/** True for those who may write every row but the gateway's own, which the roster itself refuses (PA5, PR2). */
export function mayWriteEveryRow({ role, scopes }: Caller): boolean {
  return role === 'operator' && grantsWrite(scopes);
}

/** Why the roster did not take a beacon, in the words of the wire. */
export function rosterRefusal({ refused }: Refusal): WireError {
  return refusal(refused === 'no-key' ? 'textRequired' : 'selfRow');
}
