import { ok } from '../../core/index.ts';
import { type ConnectAuth, refusal, type WireError } from '../../protocol/index.ts';
import type { Authentication, Peer, Principal } from '../transport.ts';
import { hashSecret, isSecretOf } from './secret-text.ts';
import type { TokenTable } from './token-table.ts';

/** How clients prove that they may connect (PA1). `none` is refused on an address that is not loopback. */
export type AuthOptions =
  | { readonly mode: 'token'; readonly token: string }
  | { readonly mode: 'password'; readonly password: string }
  | { readonly mode: 'none' };

/** Authenticates a client; the peer is where it comes from. */
export type Authenticate = (auth: ConnectAuth | undefined, peer: Peer) => Authentication;

/** Creates the check of the gateway's one shared secret, and of the named tokens beside it (PA1, PA2). */
export function checkCredentials(options: AuthOptions, tokens: TokenTable): Authenticate {
  const principal = { name: options.mode, roles: ['operator', 'node'], scopes: ['operator.admin'] };
  switch (options.mode) {
    case 'none':
      return () => ok(principal);
    case 'token':
      return secretCheck(options.token, 'token', principal, tokens);
    case 'password':
      return secretCheck(options.password, 'password', principal, tokens);
  }
}

function secretCheck(
  secret: string,
  kind: 'token' | 'password',
  principal: Principal,
  tokens: TokenTable,
): Authenticate {
  const expected = hashSecret(secret);
  return (auth) => {
    const { token = '' } = auth ?? {};
    const given = auth?.[kind] ?? '';
    // Both are always compared, so that the time does not disclose which of the two matched.
    const isShared = isSecretOf(given, expected);
    const named = tokens.find(token);
    if (isShared && given !== '') return ok(principal);
    if (named !== undefined) return ok(named);
    return { ok: false, error: refusalOf(kind, given, tokens.size > 0 ? token : '') };
  };
}

/** For a client that sent a secret: it was wrong; for one that sent none: what to send. */
function refusalOf(kind: 'token' | 'password', given: string, token: string): WireError {
  if (given !== '') return refusal(`${kind}Mismatch`);
  return token.trim() === '' ? refusal(`${kind}Missing`) : refusal('tokenMismatch');
}

/** True when a refusal means that a secret was guessed: it counts towards a lockout (PA7). */
export function isWrongSecret(error: WireError): boolean {
  const detail = error.details?.['code'];
  return detail === 'AUTH_TOKEN_MISMATCH' || detail === 'AUTH_PASSWORD_MISMATCH';
}
