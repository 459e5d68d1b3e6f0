import type { Clock, Logger } from '../../core/index.ts';
import { authRateLimited } from '../../protocol/index.ts';
import type { AuthLockout } from './auth-lockout.ts';
import { type Authenticate, isWrongSecret } from './credentials.ts';

/** Puts a lockout before the check of credentials: who is shut out is refused whatever the secret (PA7). */
export function guarded(options: {
  readonly authenticate: Authenticate;
  readonly lockout: AuthLockout;
  readonly clock: Clock;
  readonly logger: Logger;
}): Authenticate {
  const { authenticate, lockout, clock, logger } = options;
  return (auth, peer) => {
    const { monoMs } = clock.now();
    const remainingMs = lockout.remainingMs(peer, monoMs);
    if (remainingMs !== undefined) return { ok: false, error: authRateLimited(remainingMs) };
    const authentication = authenticate(auth, peer);
    if (authentication.ok || !isWrongSecret(authentication.error)) return authentication;
    if (lockout.failed(peer, monoMs)) {
      logger.warn({ address: peer.address }, 'address shut out after too many failed authentications');
    }
    return authentication;
  };
}
