import { randomBytes } from 'node:crypto';
import { type NamedToken, newTokensProblem, tokensProblem } from '../gateway/access/named-token.ts';
import { hashSecret } from '../gateway/access/secret-text.ts';
import type { CommandContext } from './command-context.ts';
import { misused, ok, type Result, refused } from './result.ts';
import { splitList } from './setting-kind.ts';
import { namedStateFolder } from './state-folder.ts';
import { type Column, layTable } from './text-table.ts';
import { changeTokens, readTokens, tokensFileOf } from './token-store.ts';

/** `rollcall token create` as typed. */
export interface TokenFlags {
  readonly name: string;
  readonly roles: string;
  readonly scopes: string;
  /** Gateways whose rows it may see, comma separated; all without it. */
  readonly gateways?: string;
}

/**
 * `rollcall token create`: makes a named token of 256 random bits, stores its hash and prints the secret, once (PA2).
 *
 * Standard output is the secret alone, for scripts; explanations go to standard error.
 */
export function createToken({ shell }: CommandContext, flags: TokenFlags): Result<void> {
  const secret = `rollcall_${randomBytes(32).toString('base64url')}`;
  const token: NamedToken = {
    name: flags.name,
    roles: splitList(flags.roles),
    scopes: splitList(flags.scopes),
    ...(flags.gateways !== undefined && { gateways: splitList(flags.gateways) }),
    tokenHash: hashSecret(secret).toString('hex'),
    createdAtMs: shell.nowMs(),
  };
  const folder = namedStateFolder(shell);
  if (!folder.ok) return folder;
  const made = changeTokens(folder.value, (tokens) => {
    const problem = newTokensProblem([token]) ?? tokensProblem([...tokens, token]);
    return problem === undefined ? ok([...tokens, token]) : misused(tokenProblemText(token.name, problem));
  });
  if (!made.ok) return made;
  shell.complain(
    `Token ${token.name} for ${rightsOf(token)}. Shown only once; its hash is in ${tokensFileOf(folder.value)}`,
  );
  shell.print(secret);
  return ok(undefined);
}

/** `rollcall token list`: names and rights; the secrets are not stored. */
export function listTokens({ shell }: CommandContext, flags: { readonly json?: boolean }): Result<void> {
  const folder = namedStateFolder(shell);
  if (!folder.ok) return folder;
  const tokens = readTokens(folder.value);
  if (!tokens.ok) return tokens;
  const shown = tokens.value.map(({ tokenHash: _, ...token }) => token);
  if (flags.json === true) shell.print(JSON.stringify(shown, undefined, 2));
  else if (shown.length === 0) shell.print('no named tokens. Create one: rollcall token create --name NAME');
  else shell.print(layTable({ columns: columnsFor(shown), rows: shown, width: shell.columns }));
  return ok(undefined);
}

/** `rollcall token revoke`: deletes a token; a running gateway closes the connections that used it (PA2). */
export function revokeToken({ shell }: CommandContext, name: string): Result<void> {
  const folder = namedStateFolder(shell);
  if (!folder.ok) return folder;
  const revoked = changeTokens(folder.value, (tokens) => {
    const kept = tokens.filter((token) => token.name !== name);
    if (kept.length < tokens.length) return ok(kept);
    const names = tokens.map((token) => token.name).join(', ') || 'none';
    return refused(`there is no token named ${name}; known: ${names}`);
  });
  if (!revoked.ok) return revoked;
  shell.print(`revoked ${name}; a running gateway closes its connections within a second`);
  return ok(undefined);
}

function tokenProblemText(name: string, problem: string): string {
  if (problem.includes('there is another token named'))
    return `a token named "${name}" already exists. Revoke it or pick another name`;
  return problem.replace(/^token \d+: /, '');
}

function rightsOf({ roles, scopes, gateways }: Pick<NamedToken, 'roles' | 'scopes' | 'gateways'>): string {
  const limit = gateways === undefined ? '' : `, for the rows of ${gateways.join(', ')} only`;
  return `${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')} with ${scopes.join(', ') || 'no scope'}${limit}`;
}

type ShownToken = Omit<NamedToken, 'tokenHash'>;

const columns: readonly Column<ShownToken>[] = [
  { title: 'NAME', cell: ({ name }) => name, dropRank: 0 },
  { title: 'ROLES', cell: ({ roles }) => roles.join(','), dropRank: 0 },
  { title: 'SCOPES', cell: ({ scopes }) => scopes.join(','), dropRank: 0 },
  { title: 'MADE', cell: ({ createdAtMs }) => dayOf(createdAtMs), dropRank: 1 },
];

const gatewaysColumn: Column<ShownToken> = {
  title: 'GATEWAYS',
  cell: ({ gateways }) => gateways?.join(',') ?? 'all',
  dropRank: 0,
};

/** The column of gateways is shown when at least one token is limited to some. */
function columnsFor(shown: readonly ShownToken[]): readonly Column<ShownToken>[] {
  return shown.some(({ gateways }) => gateways !== undefined) ? [...columns, gatewaysColumn] : columns;
}

function dayOf(ms: number | undefined): string {
  return ms === undefined ? '' : new Date(ms).toISOString().slice(0, 10);
}
