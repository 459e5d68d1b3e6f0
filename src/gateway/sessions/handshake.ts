import { err, type Facts, ok, type Result } from '../../core/index.ts';
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

/** What a handshake is checked against. */
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

/** The connection that sent `connect`, and the nonce of its challenge. */
export interface HandshakeRequest {
  readonly peer: Peer;
  readonly nonce: string;
  /** Wall clock, milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Checks the params of `connect`, in the order of OpenClaw 2026.9.6: schema, protocol, role, origin, device,
 * credential (PW3, PW4, PA1, PA3, PA6).
 */
export function checkConnect(
  params: unknown,
  request: HandshakeRequest,
  rules: HandshakeRules,
): Result<Admission, WireError> {
  const parsed = parseConnect(params);
  if (!parsed.ok) return parsed;
  const connect = parsed.value;
  const protocol = negotiateProtocol(connect.minProtocol, connect.maxProtocol);
  if (protocol === undefined) return err(protocolMismatch(connect.minProtocol, connect.maxProtocol));
  const { role } = connect;
  if (!isRole(role)) return err(refusal('invalidRole'));
  if (!rules.isOriginAllowed(request.peer)) return err(refusal('originNotAllowed'));
  const device = verifyDevice(connect, request);
  if (!device.ok) return device;
  const authenticated = rules.authenticate(connect.auth, request.peer);
  if (!authenticated.ok) return authenticated;
  const principal = authenticated.value;
  if (!principal.roles.includes(role)) return err(roleNotGranted(role));
  return ok({ protocol, role, principal, ...granted(connect, principal, device.value) });
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
