import type { Clock, Instant, Logger } from '../../core/index.ts';
import { authRateLimited, type ConnectAuth } from '../../protocol/index.ts';
import { FileWatch } from '../time/file-watch.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import { AuthLockout, type LockoutRules } from './auth-lockout.ts';
import { type Authenticate, type AuthOptions, checkCredentials, isWrongSecret } from './credentials.ts';
import type { NamedToken, NamedTokenOption } from './named-token.ts';
import { TokenTable } from './token-table.ts';
import { readTokensFile, resolveTokens } from './tokens-file.ts';

/** What access is decided by. */
export interface AccessOptions extends LockoutRules {
  readonly auth: AuthOptions;
  readonly tokens: readonly NamedTokenOption[];
  readonly tokensFile: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Credentials of these names are no longer valid: their connections must be closed (PA2). */
  readonly onRevoked: (names: readonly string[]) => void;
}

/** Credentials in force: the shared secret, and named tokens of the configuration and of a file that is polled for changes (PA1, PA2). */
export class Access implements PeriodicTask {
  readonly authenticate: Authenticate;
  readonly #options: AccessOptions;
  readonly #configured: readonly NamedToken[];
  readonly #table: TokenTable;
  #watch: FileWatch | undefined;

  /** Throws `TypeError` for a token of the configuration whose file cannot be used. */
  constructor(options: AccessOptions) {
    const { auth, tokens, clock, logger } = options;
    this.#options = options;
    this.#configured = resolveTokens(tokens);
    this.#table = new TokenTable(this.#configured);
    const authenticate = checkCredentials(auth, this.#table);
    const bySecret = guarded({ authenticate, lockout: new AuthLockout(options), clock, logger });
    // PA11: a secret that is sent is checked alone.
    this.authenticate = (given, peer) =>
      peer.person === undefined || hasSecret(given) ? bySecret(given, peer) : peer.person;
  }

  /** Reads the tokens file and watches it from now on. Throws `TypeError` when it cannot be used. */
  start(): void {
    const { tokensFile } = this.#options;
    if (tokensFile === undefined || this.#watch !== undefined) return;
    this.#watch = new FileWatch([tokensFile], () => this.#reload(tokensFile));
    this.#use(readTokensFile(tokensFile), tokensFile);
  }

  run(now: Instant): number | undefined {
    return this.#watch?.run(now);
  }

  /** A file that became unreadable keeps the tokens in force as they were. */
  #reload(file: string): void {
    const { logger } = this.#options;
    try {
      const revoked = this.#use(readTokensFile(file), file);
      logger.info({ file, tokens: this.#table.size, revoked }, 'named tokens changed');
      if (revoked.length > 0) this.#options.onRevoked(revoked);
    } catch (error) {
      logger.error({ file, problem: (error as Error).message }, 'named tokens stay as they were');
    }
  }

  #use(kept: readonly NamedToken[], file: string): readonly string[] {
    const names = new Set(this.#configured.map(({ name }) => name.toLowerCase()));
    const twice = kept.find(({ name }) => names.has(name.toLowerCase()));
    if (twice !== undefined) {
      throw new TypeError(`${file}: the token ${twice.name} is in the configuration too: rename one of them`);
    }
    return this.#table.replace([...this.#configured, ...kept]);
  }
}

function hasSecret(auth: ConnectAuth | undefined): boolean {
  return [auth?.token, auth?.password].some((secret) => secret !== undefined && secret !== '');
}

/** Checks the lockout before the credentials: an address that is locked out is refused whatever the secret (PA7). */
function guarded(options: {
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
