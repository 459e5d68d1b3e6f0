import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { Clock, Instant, Logger } from '../../core/index.ts';
import { readTextFile } from '../../host/index.ts';
import { FileWatch } from '../time/file-watch.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import { isKeyAddress, type JwtConfig } from './identity-config.ts';

/** Claims of a JWT that was verified. */
export interface VerifiedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Claim `exp`, milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Signatures by a public key only: with a shared secret every verifier could sign, and `none` is no signature. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** How far the clocks of issuer and gateway may differ, seconds. */
const clockToleranceSeconds = 5;

/** Verifies JWTs of one issuer for one audience, by keys of a file that is followed or of an address (PA10). */
export class JwtVerifier implements PeriodicTask {
  readonly #config: JwtConfig;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #watch: FileWatch | undefined;
  #keys: JWTVerifyGetKey | undefined;

  /** Throws `TypeError` for a key file that cannot be used. */
  constructor(config: JwtConfig, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#config = config;
    this.#clock = clock;
    this.#logger = logger;
    if (isKeyAddress(config.jwks)) return;
    readKeys(config.jwks);
    this.#watch = new FileWatch([config.jwks], () => this.#reload());
  }

  run(now: Instant): number | undefined {
    return this.#watch?.run(now);
  }

  /** The claims, or why the token does not count, for the log. */
  async verify(token: string): Promise<VerifiedToken | { readonly problem: string }> {
    const { issuer, audience } = this.#config;
    try {
      const { jwtVerify } = await import('jose');
      this.#keys ??= await this.#makeKeys();
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(this.#clock.now().wallMs),
        requiredClaims: ['exp'],
      });
      return { claims: payload, expiresAtMs: Number(payload.exp) * 1_000 };
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      return { problem: [code, message].filter((part) => part !== undefined).join(': ') };
    }
  }

  async #makeKeys(): Promise<JWTVerifyGetKey> {
    const { createLocalJWKSet, createRemoteJWKSet } = await import('jose');
    const { jwks } = this.#config;
    // An unknown key id makes it fetch anew, at most every 30 s: that is how keys are rotated.
    return isKeyAddress(jwks) ? createRemoteJWKSet(new URL(jwks)) : createLocalJWKSet(readKeys(jwks));
  }

  /** A file that became unreadable keeps the keys in force as they were. */
  #reload(): void {
    const { jwks: file } = this.#config;
    try {
      readKeys(file);
      this.#keys = undefined;
      this.#logger.info({ file }, 'keys of the identity provider changed');
    } catch (error) {
      this.#logger.error(
        { file, problem: (error as Error).message },
        'keys of the identity provider stay as they were',
      );
    }
  }
}

function readKeys(file: string): JSONWebKeySet {
  let keys: unknown;
  try {
    keys = JSON.parse(readTextFile(file));
  } catch (error) {
    throw new TypeError(`cannot read the keys in ${file}: ${(error as Error).message}`);
  }
  const list = (keys as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list) || list.length === 0) throw new TypeError(`${file} holds no JSON Web Key Set`);
  return keys as JSONWebKeySet;
}
