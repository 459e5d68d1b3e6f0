import { timingSafeEqual } from 'node:crypto';
import type { Principal } from '../transport.ts';
import type { NamedToken } from './named-token.ts';
import { hashSecret } from './secret-text.ts';

interface Entry {
  readonly hash: Buffer;
  readonly principal: Principal;
  /** What the entry was made from, to see whether it changed. */
  readonly source: string;
}

/** The named tokens in force (PA2). */
export class TokenTable {
  #entries: readonly Entry[];

  constructor(tokens: readonly NamedToken[] = []) {
    this.#entries = tokens.map(entryOf);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Whose secret this is. Every token is compared, so that the time discloses nothing about any of them. */
  find(secret: string): Principal | undefined {
    if (secret === '') return undefined;
    const given = hashSecret(secret);
    let found: Principal | undefined;
    for (const { hash, principal } of this.#entries) if (timingSafeEqual(given, hash)) found = principal;
    return found;
  }

  /** Puts other tokens in force and returns the names of those that were revoked or changed. */
  replace(tokens: readonly NamedToken[]): readonly string[] {
    const before = this.#entries;
    this.#entries = tokens.map(entryOf);
    const kept = new Set(this.#entries.map(({ source }) => source));
    return before.filter(({ source }) => !kept.has(source)).map(({ principal }) => principal.name);
  }
}

function entryOf(token: NamedToken): Entry {
  const { name, roles, scopes, tokenHash, gateways } = token;
  return {
    hash: Buffer.from(tokenHash, 'hex'),
    principal: { name, roles, scopes, ...(gateways !== undefined && { gateways }) },
    source: JSON.stringify([name, tokenHash, roles, scopes, gateways]),
  };
}
