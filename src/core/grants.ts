/** What one connection may do: its role and its scopes, each once. */
export interface Grant {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/**
 * The grants of several live connections of one instance, counted (PK5).
 *
 * The cost of every operation grows with the distinct grants of the instance, hardly ever more than two, and not
 * with its connections. Nearly every instance has one grant: the map is made for the second.
 */
export class GrantCounts {
  #grant: Grant | undefined;
  #count = 0;
  #others: Map<Grant, number> | undefined;

  /** @param first of the first connection. */
  constructor(first: Grant) {
    this.add(first);
  }

  add(grant: Grant): void {
    if (this.#grant === undefined || this.#grant === grant) {
      this.#grant = grant;
      this.#count += 1;
      return;
    }
    this.#others ??= new Map();
    this.#others.set(grant, (this.#others.get(grant) ?? 0) + 1);
  }

  remove(grant: Grant): void {
    if (this.#grant === grant) {
      this.#count -= 1;
      if (this.#count === 0) this.#takeNext();
      return;
    }
    const count = this.#others?.get(grant);
    if (count === undefined) throw new TypeError('grant is not counted here');
    if (count > 1) this.#others?.set(grant, count - 1);
    else this.#drop(grant);
  }

  /** Union of the roles and scopes, in the order in which their grants came. */
  union(): Grant {
    const first = this.#grant ?? { roles: [], scopes: [] };
    if (this.#others === undefined) return first;
    const grants = [first, ...this.#others.keys()];
    return {
      roles: union(grants.map(({ roles }) => roles)),
      scopes: union(grants.map(({ scopes }) => scopes)),
    };
  }

  #takeNext(): void {
    const [grant, count = 0] = this.#others?.entries().next().value ?? [];
    this.#grant = grant;
    this.#count = count;
    if (grant !== undefined) this.#drop(grant);
  }

  #drop(grant: Grant): void {
    this.#others?.delete(grant);
    if (this.#others?.size === 0) this.#others = undefined;
  }
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
