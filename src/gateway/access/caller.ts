import type { BeaconUpdate, Refusal, Roster } from '../../core/index.ts';
import {
  type FixedRefusalName,
  grantsWrite,
  missingScope,
  type Role,
  refusal,
  type WireError,
} from '../../protocol/index.ts';

/** Who sends a request: a live connection, or an HTTP request, which has no connection. */
export interface Caller {
  readonly connectionId: string | undefined;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** Name of the credential that it authenticated with; never the secret. */
  readonly credential: string;
  /** Verified device of the connection (PA3). */
  readonly deviceId: string | undefined;
  /** Names of the gateways whose rows it may see; `undefined` for all (PU14). */
  readonly gateways?: readonly string[] | undefined;
}

/**
 * Why a caller may not write the row of a beacon, or `undefined` when it may (PA5). The one place that decides it.
 *
 * Operators with write scope may write every row but the gateway's own, which the roster itself refuses (PR2): their
 * rows are looked up only once, when the beacon is stored. Every other caller may write the row of its own connection, and
 * put no device id into it that was not verified: the updates of that device would then be merged into this row.
 */
export function beaconRefusal(
  update: BeaconUpdate,
  caller: Caller,
  roster: Pick<Roster, 'target'>,
): WireError | undefined {
  if (caller.role === 'operator' && grantsWrite(caller.scopes)) return undefined;
  const target = roster.target(update);
  // That it is the row of a gateway is not disclosed to a caller who may not see that gateway (PU14).
  const isHidden =
    caller.gateways !== undefined && 'refusal' in target && target.refusal.refused === 'self-row';
  if (isHidden) return notOwn(caller);
  if ('refusal' in target) return rosterRefusal(target.refusal);
  if (!target.own) return notOwn(caller);
  const { deviceId } = update.facts;
  return deviceId === undefined || deviceId === caller.deviceId ? undefined : notOwn(caller);
}

/** An operator can request the scope that it lacks; a node writes its own row whatever its scopes are. */
function notOwn({ role }: Caller): WireError {
  return role === 'operator' ? missingScope('operator.write') : refusal('foreignRow');
}

/** Why the roster refused an update, as the refusal that is sent. */
export function rosterRefusal({ refused }: Refusal): WireError {
  return refusal(rosterRefusals[refused]);
}

const rosterRefusals: Readonly<Record<Refusal['refused'], FixedRefusalName>> = {
  'no-key': 'textRequired',
  'self-row': 'selfRow',
  // A caller without a connection has no row of its own.
  'unknown-connection': 'foreignRow',
};
