import { type Clock, type Instant, type Logger, ok } from '../../core/index.ts';
import { refusal } from '../../protocol/index.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import type { Authentication } from '../transport.ts';
import { createProxyCheck, type RequestOrigin } from './client-address.ts';
import type { IdentityConfig, IdentityGrant } from './identity-config.ts';
import { JwtVerifier } from './jwt-verifier.ts';
import { secretOfHeader } from './secret-text.ts';

/** The person that a proxy names for a request; `undefined` when it names none that counts. */
export type PersonOf = (
  request: RequestOrigin,
) => Authentication | undefined | Promise<Authentication | undefined>;

/** What people are authenticated by. */
export interface IdentityOptions {
  readonly identity?: IdentityConfig | undefined;
  readonly trustedProxies: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Credentials of these names are no longer valid: their connections must be closed (PA11). */
  readonly onExpired: (names: readonly string[]) => void;
}

/** A login: fit for a line of the log, and without a separator that could make it two. */
const loginShape = /^[^\s,\p{C}]{1,256}$/u;

/** People behind trusted proxies: who they are, and what they may do (PA9, PA10, PA11). */
export class Identity implements PeriodicTask {
  readonly #options: IdentityOptions;
  readonly #isTrusted: (address: string) => boolean;
  readonly #verifier: JwtVerifier | undefined;
  /** When the JWT of a person expires, by the name of the credential. */
  readonly #expiry = new Map<string, number>();

  /** Throws `TypeError` for a key file that cannot be used. */
  constructor(options: IdentityOptions) {
    const { identity, trustedProxies } = options;
    this.#options = options;
    this.#isTrusted = createProxyCheck(trustedProxies);
    this.#verifier = identity?.jwt && new JwtVerifier(identity.jwt, options);
  }

  /** Creates the reader of people; without the setting it finds none. */
  readonly personOf: PersonOf = (request) => {
    const { identity } = this.#options;
    const { remoteAddress } = request.socket;
    // The header counts only from a trusted proxy: from any other peer it is not read (PA9).
    if (identity === undefined || remoteAddress === undefined || !this.#isTrusted(remoteAddress))
      return undefined;
    if (identity.jwt !== undefined) return this.#byToken(request, identity.jwt.header);
    const login = headerOf(request, identity.header ?? '');
    if (login === undefined) return undefined;
    const groups = headerOf(request, identity.groupsHeader ?? '')?.split(',') ?? [];
    return this.#admit(
      login,
      groups.map((group) => group.trim()),
    );
  };

  run(now: Instant): number | undefined {
    const expired = [...this.#expiry].filter(([, atMs]) => atMs <= now.wallMs).map(([name]) => name);
    for (const name of expired) this.#expiry.delete(name);
    if (expired.length > 0) this.#options.onExpired(expired);
    return this.#verifier?.run(now);
  }

  #byToken(request: RequestOrigin, header: string): Promise<Authentication> | undefined {
    const sent = headerOf(request, header)?.replace(/^Bearer +/i, '');
    const isShared = header.toLowerCase() === 'authorization';
    // Tokens of the gateway come in this header too; they have no three parts.
    if (sent === undefined || (isShared && !isJwtShaped(sent))) return undefined;
    return this.#verify(sent);
  }

  async #verify(token: string): Promise<Authentication> {
    const { identity, logger } = this.#options;
    const { userClaim = 'email', groupsClaim } = identity?.jwt ?? {};
    const verified = await this.#verifier?.verify(token);
    if (verified === undefined || 'problem' in verified) {
      logger.warn({ problem: verified?.problem }, 'a JWT of a proxy does not count');
      return { ok: false, error: refusal('identityInvalid') };
    }
    const { claims, expiresAtMs } = verified;
    const groups = groupsClaim === undefined ? [] : claims[groupsClaim];
    const admitted = this.#admit(claims[userClaim], Array.isArray(groups) ? groups : []);
    if (admitted.ok) {
      const { name } = admitted.value;
      this.#expiry.set(name, Math.max(expiresAtMs, this.#expiry.get(name) ?? 0));
    }
    return admitted;
  }

  #admit(login: unknown, groups: readonly unknown[]): Authentication {
    if (typeof login !== 'string' || !loginShape.test(login))
      return { ok: false, error: refusal('identityInvalid') };
    const grants = this.#options.identity?.grants ?? [];
    const scopes = new Set(
      grants.filter((grant) => fits(grant, login, groups)).flatMap((grant) => grant.scopes),
    );
    if (scopes.size === 0) return { ok: false, error: refusal('identityNotGranted') };
    // A colon is in no name of a token, so a person is never taken for a token.
    const name = `user:${login.toLowerCase()}`;
    return ok({ name, roles: ['operator'], scopes: [...scopes] });
  }
}

function fits({ users = [], groups = [] }: IdentityGrant, login: string, own: readonly unknown[]): boolean {
  const name = login.toLowerCase();
  return (
    groups.some((group) => own.includes(group)) ||
    users.some((user) => {
      const wanted = user.toLowerCase();
      return wanted === '*' || wanted === name || (wanted.startsWith('*@') && name.endsWith(wanted.slice(1)));
    })
  );
}

function headerOf({ headers }: RequestOrigin, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  // Node joins a header that is sent twice by a comma, which no login contains.
  const text = secretOfHeader(Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
  return text === '' ? undefined : text;
}

/** True for a JWT: three parts of base64url, and not a token of the gateway. */
export function isJwtShaped(secret: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret);
}
