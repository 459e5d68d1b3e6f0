import { Type } from 'typebox';
import { didYouMean } from '../../core/index.ts';
import { KNOWN_SCOPES, optional, schemaCheck } from '../../protocol/index.ts';

const headerName = Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" });
const closed = { additionalProperties: false };
const names = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 1_000 });

const grant = Type.Object(
  {
    users: optional(names),
    groups: optional(names),
    scopes: Type.Array(Type.String(), { minItems: 1, maxItems: 32 }),
  },
  closed,
);

const jwt = Type.Object(
  {
    header: headerName,
    issuer: Type.String({ minLength: 1, maxLength: 2_048 }),
    audience: Type.String({ minLength: 1, maxLength: 2_048 }),
    jwks: Type.String({ minLength: 1, maxLength: 2_048 }),
    userClaim: optional(Type.String({ minLength: 1, maxLength: 256 })),
    groupsClaim: optional(Type.String({ minLength: 1, maxLength: 256 })),
  },
  closed,
);

/** JSON Schema of the setting `identity`. */
export const IdentitySchema: ReturnType<typeof Type.Object> = Type.Object(
  {
    header: optional(headerName),
    groupsHeader: optional(headerName),
    jwt: optional(jwt),
    grants: Type.Array(grant, { minItems: 1, maxItems: 100 }),
  },
  closed,
);

/** Where a JWT stands, who signs it, and which of its claims name the person (PA10). */
export interface JwtConfig {
  /** Header that holds it, for example `Cf-Access-Jwt-Assertion`; `Authorization` holds it behind `Bearer`. */
  readonly header: string;
  /** Claim `iss`. */
  readonly issuer: string;
  /** Claim `aud`, or one of them. */
  readonly audience: string;
  /** Public keys: the path of a file, or an `https` address (`http` on loopback). */
  readonly jwks: string;
  /** Claim with the login; default `email`. */
  readonly userClaim?: string;
  /** Claim with a list of groups; default none. */
  readonly groupsClaim?: string;
}

/** Scopes for the people that it names; a grant without names would apply to everybody, and is refused. */
export interface IdentityGrant {
  /** Logins, `*@example.org`, or `*` for everybody that the proxy names; compared without letter case. */
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  /** For example `operator.read`. */
  readonly scopes: readonly string[];
}

/** How a trusted proxy authenticates people (PA9): by a header or by a JWT. */
export interface IdentityConfig {
  /** Header with the login, for example `Tailscale-User-Login`. */
  readonly header?: string;
  /** Header with groups, comma separated, beside `header`. */
  readonly groupsHeader?: string;
  readonly jwt?: JwtConfig;
  readonly grants: readonly IdentityGrant[];
}

const check = schemaCheck(IdentitySchema);

/** What is wrong with a value of the setting, with its place; `undefined` when nothing is. */
export function identityProblem(value: unknown): string | undefined {
  const problem = check(value);
  if (problem !== undefined) return `at ${problem.path}: ${problem.what}`;
  const { header, groupsHeader, jwt: token, grants } = value as IdentityConfig;
  if ((header === undefined) === (token === undefined)) return 'needs one of header and jwt';
  if (header?.toLowerCase() === 'authorization') return 'at /header: a login cannot stand in Authorization';
  if (groupsHeader !== undefined && header === undefined)
    return 'at /groupsHeader: goes with header; a JWT names its groups by groupsClaim';
  if (token !== undefined && !isKeySource(token.jwks))
    return 'at /jwt/jwks: must be the path of a file or an https address';
  return grants.map(grantProblem).find((found) => found !== undefined);
}

/** True for a JWKS that is fetched, not read from a file. */
export function isKeyAddress(jwks: string): boolean {
  return /^https?:\/\//i.test(jwks);
}

function isKeySource(jwks: string): boolean {
  if (!isKeyAddress(jwks)) return !jwks.includes('://');
  if (!URL.canParse(jwks)) return false;
  const { protocol, hostname } = new URL(jwks);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

function grantProblem({ users, groups, scopes }: IdentityGrant, index: number): string | undefined {
  const at = `at /grants/${index}`;
  if (users === undefined && groups === undefined)
    return `${at}: needs users, groups or both ("*" is everybody)`;
  const unknown = scopes.find((scope) => !KNOWN_SCOPES.includes(scope));
  if (unknown === undefined) return undefined;
  return `${at}/scopes: unknown scope ${unknown}${didYouMean(unknown, KNOWN_SCOPES) || `, not one of ${KNOWN_SCOPES.join(', ')}`}`;
}
