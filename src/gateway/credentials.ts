import { createHash, timingSafeEqual } from 'node:crypto';
import { type ConnectAuth, refusal, type WireError } from '../protocol/index.ts';

/** How clients prove that they may connect (PA1). `none` is refused on an address that is not loopback. */
export type AuthOptions =
  | { readonly mode: 'token'; readonly token: string }
  | { readonly mode: 'password'; readonly password: string }
  | { readonly mode: 'none' };

/** What a credential is good for. */
export interface Principal {
  /** Name of the credential, for logs; never the secret. */
  readonly name: string;
  /** Roles that it may connect as. */
  readonly roles: readonly string[];
  /** Scopes that it may be granted. */
  readonly scopes: readonly string[];
}

/** Says who a client is, or why it may not come in. */
export type Authenticate = (
  auth: ConnectAuth | undefined,
) => { readonly ok: true; readonly principal: Principal } | { readonly ok: false; readonly error: WireError };

/** Makes the check of the gateway's one shared secret. */
export function sharedSecret(options: AuthOptions): Authenticate {
  const principal = { name: options.mode, roles: ['operator', 'node'], scopes: ['operator.admin'] };
  switch (options.mode) {
    case 'none':
      return () => ({ ok: true, principal });
    case 'token':
      return secretCheck(options.token, 'token', principal);
    case 'password':
      return secretCheck(options.password, 'password', principal);
  }
}

function secretCheck(secret: string, kind: 'token' | 'password', principal: Principal): Authenticate {
  const expected = digest(secret);
  return (auth) => {
    const given = auth?.[kind];
    if (given === undefined || given === '') return { ok: false, error: refusal(`${kind}Missing`) };
    if (timingSafeEqual(digest(given), expected)) return { ok: true, principal };
    return { ok: false, error: refusal(`${kind}Mismatch`) };
  };
}

/** Equal lengths for the comparison, whatever the lengths of the secrets. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
