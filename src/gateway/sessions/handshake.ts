import type { Facts } from '../../core/index.ts';
import {
  type Connect,
  factsOfConnect,
  grantScopes,
  isRole,
  negotiateProtocol,
  type ProtocolVersion,
  parseConnect,
  protocolMismatch,
  type Role,
  refusal,
  roleNotGranted,
  type WireError,
} from '../../protocol/index.ts';
import type { Authenticate } from '../access/credentials.ts';
import { verifyDevice } from '../access/device-signature.ts';
import type { Peer, Principal } from '../transport.ts';

/** What a handshake is judged against. */
export interface HandshakeRules {
  readonly authenticate: Authenticate;
  /** True when a browser page of this origin may connect (PA6). */
  readonly isOriginAllowed: (peer: Peer) => boolean;
}

/** A client that may come in. */
export interface Admission {
  readonly protocol: ProtocolVersion;
  readonly role: Role;
  /** Granted scopes: requested ∩ allowed (PA2). */
  readonly scopes: readonly string[];
  readonly principal: Principal;
  readonly facts: Facts;
  /** The name that the client gave itself; its id stands for it in `facts.host`. */
  readonly displayName: string | undefined;
  /** Verified (PA3). */
  readonly deviceId: string | undefined;
  readonly wantsDeltas: boolean;
  readonly wantsNotices: boolean;
}

/** The connection that asks: who it is and the nonce it was challenged with. */
export interface Applicant {
  readonly peer: Peer;
  readonly nonce: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Whether a client may come in, or why not. */
export type Verdict =
  | { readonly ok: true; readonly admission: Admission }
  | { readonly ok: false; readonly error: WireError };

/**
 * Judges the params of `connect`, in the order of OpenClaw 2026.9.6: schema, protocol, role, origin, device,
 * credential (PW3, PW4, PA1, PA3, PA6).
 */
export function judgeConnect(params: unknown, applicant: Applicant, rules: HandshakeRules): Verdict {
  const parsed = parseConnect(params);
  if (!parsed.ok) return parsed;
  const { connect } = parsed;
  const protocol = negotiateProtocol(connect.minProtocol, connect.maxProtocol);
  if (protocol === undefined) return no(protocolMismatch(connect.minProtocol, connect.maxProtocol));
  const { role } = connect;
  if (!isRole(role)) return no(refusal('invalidRole'));
  if (!rules.isOriginAllowed(applicant.peer)) return no(refusal('originNotAllowed'));
  const device = judgeDevice(connect, applicant);
  if (!device.ok) return device;
  const authenticated = rules.authenticate(connect.auth, applicant.peer);
  if (!authenticated.ok) return authenticated;
  const { principal } = authenticated;
  if (!principal.roles.includes(role)) return no(roleNotGranted(role));
  return {
    ok: true,
    admission: { protocol, role, principal, ...granted(connect, principal, device.deviceId) },
  };
}

function granted(
  connect: Connect,
  principal: Principal,
  deviceId: string | undefined,
): Pick<Admission, 'scopes' | 'facts' | 'displayName' | 'deviceId' | 'wantsDeltas' | 'wantsNotices'> {
  return {
    scopes: grantScopes(connect.scopes, principal.scopes),
    facts: factsOfConnect(connect, deviceId),
    displayName: connect.client.displayName,
    deviceId,
    wantsDeltas: connect.caps.includes('presence-delta'),
    wantsNotices: connect.caps.includes('notices'),
  };
}

type DeviceVerdict =
  | { readonly ok: true; readonly deviceId: string | undefined }
  | { readonly ok: false; readonly error: WireError };

function judgeDevice(connect: Connect, { nonce, nowMs }: Applicant): DeviceVerdict {
  if (connect.device === undefined) return { ok: true, deviceId: undefined };
  return verifyDevice(connect, { nonce, nowMs });
}

function no(error: WireError): { readonly ok: false; readonly error: WireError } {
  return { ok: false, error };
}
