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
 * with its connections. A chain, because nearly every instance has one grant, and then this is all there is of it.
 */
export class GrantCounts {
  #grant: Grant | undefined;
  #count = 0;
  #later: GrantCounts | undefined;

  add(grant: Grant): void {
    if (this.#grant !== undefined && this.#grant !== grant) {
      this.#later ??= new GrantCounts();
      this.#later.add(grant);
      return;
    }
    this.#grant = grant;
    this.#count += 1;
  }

  remove(grant: Grant): void {
    if (this.#grant === grant) {
      this.#count -= 1;
      if (this.#count === 0) this.#becomeLater();
      return;
    }
    if (this.#later === undefined) throw new TypeError('grant is not counted here');
    this.#later.remove(grant);
    if (this.#later.#grant === undefined) this.#later = undefined;
  }

  /** Union of the roles and scopes, in the order in which their grants came. */
  union(): Grant {
    if (this.#later === undefined) return this.#grant ?? { roles: [], scopes: [] };
    const grants = [...this.#grants()];
    return {
      roles: union(grants.map(({ roles }) => roles)),
      scopes: union(grants.map(({ scopes }) => scopes)),
    };
  }

  #becomeLater(): void {
    const later = this.#later ?? new GrantCounts();
    this.#grant = later.#grant;
    this.#count = later.#count;
    this.#later = later.#later;
  }

  *#grants(): Generator<Grant, void, undefined> {
    if (this.#grant !== undefined) yield this.#grant;
    if (this.#later !== undefined) yield* this.#later.#grants();
  }
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
