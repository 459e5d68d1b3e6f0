import { Type } from 'typebox';
import { isRole, schemaCheck } from '../../protocol/index.ts';

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
  /** When it was made, milliseconds since the epoch. */
  readonly createdAtMs?: number;
}

/** A named token as the configuration has it: with the hash, or with a file that holds the secret. */
export type NamedTokenOption = NamedToken | (Omit<NamedToken, 'tokenHash'> & { readonly tokenFile: string });

/** Most named tokens: each is compared at every handshake. */
export const maxTokens = 1_000;

const namePattern = '^[\\w][\\w.@-]{0,63}$';
const scopePattern = '^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*$';

const common = {
  name: Type.String({ pattern: namePattern }),
  roles: Type.Array(Type.String(), { minItems: 1, maxItems: 2 }),
  scopes: Type.Array(Type.String({ pattern: scopePattern, maxLength: 256 }), { maxItems: 32 }),
  createdAtMs: Type.Optional(Type.Integer({ minimum: 0 })),
};
const closed = { additionalProperties: false };
const hashed = Type.Object({ ...common, tokenHash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, closed);
const filed = Type.Object({ ...common, tokenFile: Type.String({ minLength: 1 }) }, closed);

/** Schema of one named token in the configuration. */
export const NamedTokenSchema: ReturnType<typeof Type.Union> = Type.Union([hashed, filed]);

const checkHashed = schemaCheck(hashed);
const checkFiled = schemaCheck(filed);

/** Names of the credentials that are no named tokens; a token of that name would be taken for them in a log. */
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
  return undefined;
}

function tokenProblem(token: unknown): string | undefined {
  const isFiled = typeof token === 'object' && token !== null && 'tokenFile' in token;
  const problem = isFiled ? checkFiled(token) : checkHashed(token);
  if (problem !== undefined) return `at ${problem.path}: ${problem.what}`;
  const { roles } = token as NamedToken;
  return roles.every(isRole) ? undefined : 'at /roles: must be operator, node or both';
}

function nameProblem(name: string, names: ReadonlySet<string>): string | undefined {
  if (reserved.has(name.toLowerCase())) return `the name ${name} is taken by the gateway`;
  return names.has(name.toLowerCase()) ? `there is another token named ${name}` : undefined;
}
