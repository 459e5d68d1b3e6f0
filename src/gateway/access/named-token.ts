import { Type } from 'typebox';
import { didYouMean } from '../../core/index.ts';
import { isRole, KNOWN_SCOPES, optional, schemaCheck } from '../../protocol/index.ts';

/** A token of its own for a client or a group of clients, bound to roles and scopes (PA2). */
export interface NamedToken {
  /** Unique; shown in logs and lists. */
  readonly name: string;
  /** Lower-case hex SHA-256 of the secret. */
  readonly tokenHash: string;
  /** Roles that it may connect as: `operator`, `node`. */
  readonly roles: readonly string[];
  /** Scopes that it may be granted, for example `operator.read`. */
  readonly scopes: readonly string[];
  /** Names of the gateways whose rows it may see, as in `gateways` of a row; absent for all (PU14). */
  readonly gateways?: readonly string[];
  /** When it was made, milliseconds since the epoch. */
  readonly createdAtMs?: number;
}

/** A named token as the configuration has it: with the hash, or with a file that holds the secret. */
export type NamedTokenOption = NamedToken | (Omit<NamedToken, 'tokenHash'> & { readonly tokenFile: string });

/** Most named tokens: each is compared at every handshake. */
export const maxTokens = 1_000;

/** Most different sets of gateways among tokens: each has a listing of its own (PU14). */
export const maxGatewaySets = 32;

/** What a token may be granted that is limited to gateways: nothing that writes. */
const readingScopes: readonly string[] = ['operator.read', 'operator.pairing'];

const namePattern = '^[\\w][\\w.@-]{0,63}$';
const scopePattern = '^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*$';

const common = {
  name: Type.String({ pattern: namePattern }),
  roles: Type.Array(Type.String(), { minItems: 1, maxItems: 2 }),
  scopes: Type.Array(Type.String({ pattern: scopePattern, maxLength: 256 }), { maxItems: 32 }),
  gateways: optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 256, pattern: '^[^,]+$' }), {
      minItems: 1,
      maxItems: 64,
    }),
  ),
  createdAtMs: optional(Type.Integer({ minimum: 0 })),
};
const closed = { additionalProperties: false };
const hashed = Type.Object({ ...common, tokenHash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, closed);
const filed = Type.Object({ ...common, tokenFile: Type.String({ minLength: 1 }) }, closed);

/** Schema of one named token in the configuration. */
export const NamedTokenSchema: ReturnType<typeof Type.Union> = Type.Union([hashed, filed]);

const checkHashed = schemaCheck(hashed);
const checkFiled = schemaCheck(filed);

/** Names of the credentials that are no named tokens; a token of that name could not be distinguished from them in a log. */
const reserved: ReadonlySet<string> = new Set(['token', 'password', 'none']);

/** What is wrong with a list of named tokens, `undefined` when nothing is. Never repeats a value. */
export function tokensProblem(tokens: unknown): string | undefined {
  if (!Array.isArray(tokens)) return 'tokens must be a list';
  if (tokens.length > maxTokens) return `at most ${maxTokens} tokens are possible`;
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    const problem = tokenProblem(token) ?? nameProblem(token.name, names);
    if (problem !== undefined) return `token ${index + 1}: ${problem}`;
    names.add(token.name.toLowerCase());
  }
  const sets = new Set((tokens as readonly NamedToken[]).map(({ gateways }) => gateways && setOf(gateways)));
  sets.delete(undefined);
  return sets.size <= maxGatewaySets
    ? undefined
    : `at most ${maxGatewaySets} different sets of gateways are possible`;
}

function setOf(gateways: readonly string[]): string {
  return [...new Set(gateways.map((name) => name.toLowerCase()))].sort().join();
}

/**
 * The same for tokens that are being written, by a person or a configuration: unknown scopes are refused too.
 *
 * Tokens that another version stored are not: it may define scopes that this one does not.
 */
export function newTokensProblem(tokens: unknown): string | undefined {
  const problem = tokensProblem(tokens);
  if (problem !== undefined) return problem;
  for (const [index, { scopes }] of (tokens as readonly NamedTokenOption[]).entries()) {
    const unknown = scopes.find((scope) => !KNOWN_SCOPES.includes(scope));
    if (unknown !== undefined) return `token ${index + 1}: ${unknownScope(unknown)}`;
  }
  return undefined;
}

function unknownScope(scope: string): string {
  return `unknown scope ${scope}${didYouMean(scope, KNOWN_SCOPES) || `, not one of ${KNOWN_SCOPES.join(', ')}`}`;
}

function tokenProblem(token: unknown): string | undefined {
  const isFiled = typeof token === 'object' && token !== null && 'tokenFile' in token;
  const problem = isFiled ? checkFiled(token) : checkHashed(token);
  if (problem !== undefined) return `at ${problem.path}: ${problem.what}`;
  const { roles, scopes, gateways } = token as NamedToken;
  const wrong = roles.find((role) => !isRole(role));
  if (wrong === undefined) return gateways === undefined ? undefined : limitProblem(roles, scopes);
  return `at /roles: must be operator, node or both${didYouMean(wrong, ['operator', 'node'])}`;
}

/** A token that is limited to gateways sees less, so it may change nothing either (PU14). */
function limitProblem(roles: readonly string[], scopes: readonly string[]): string | undefined {
  if (roles.includes('node'))
    return 'a token that is limited to gateways has the role operator alone: leave out the role node, or the gateways';
  const wrong = scopes.find((scope) => !readingScopes.includes(scope));
  if (wrong === undefined) return undefined;
  return `a token that is limited to gateways only reads: leave out the scope ${wrong}, or the gateways`;
}

function nameProblem(name: string, names: ReadonlySet<string>): string | undefined {
  if (reserved.has(name.toLowerCase())) return `the name ${name} is taken by the gateway`;
  return names.has(name.toLowerCase()) ? `there is another token named ${name}` : undefined;
}
