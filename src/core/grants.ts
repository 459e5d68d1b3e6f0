/** What one connection may do: its role and its scopes, each once. Connections with the same ones share one object. */
export interface Grant {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** Hands out one object for equal grants, so that counting them costs no comparison of lists. */
export class GrantTable {
  readonly #grants = new Map<string, { grant: Grant; uses: number }>();

  /** The shared grant; every `take` needs one {@link release}. */
  take(role: string, scopes: readonly string[]): Grant {
    const distinct = [...new Set(scopes)];
    const key = tableKey(role, distinct);
    const known = this.#grants.get(key);
    if (known !== undefined) {
      known.uses += 1;
      return known.grant;
    }
    const grant = { roles: Object.freeze([role]), scopes: Object.freeze(distinct) };
    this.#grants.set(key, { grant, uses: 1 });
    return grant;
  }

  release(grant: Grant): void {
    const key = tableKey(grant.roles[0] ?? '', grant.scopes);
    const known = this.#grants.get(key);
    if (known === undefined) throw new TypeError('grant was released more often than taken');
    known.uses -= 1;
    if (known.uses === 0) this.#grants.delete(key);
  }
}

function tableKey(role: string, scopes: readonly string[]): string {
  return `${role}\n${scopes.join('\n')}`;
}

/**
 * The grants of the live connections of one instance, counted (PK5).
 *
 * The cost of every operation grows with the distinct grants of the instance, hardly ever more than two, and not
 * with its connections.
 */
export class GrantCounts {
  readonly #counts: { readonly grant: Grant; count: number }[] = [];

  add(grant: Grant): void {
    const known = this.#counts.find((counted) => counted.grant === grant);
    if (known === undefined) this.#counts.push({ grant, count: 1 });
    else known.count += 1;
  }

  remove(grant: Grant): void {
    const index = this.#counts.findIndex((counted) => counted.grant === grant);
    const known = this.#counts[index];
    if (known === undefined) throw new TypeError('grant is not counted here');
    known.count -= 1;
    if (known.count === 0) this.#counts.splice(index, 1);
  }

  /** Union of the roles and scopes, in the order in which their grants came. */
  union(): Grant {
    const [first, ...rest] = this.#counts;
    if (first === undefined) return { roles: [], scopes: [] };
    if (rest.length === 0) return first.grant;
    return {
      roles: union(this.#counts.map(({ grant }) => grant.roles)),
      scopes: union(this.#counts.map(({ grant }) => grant.scopes)),
    };
  }
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
