import type { Cause } from '../../core/index.ts';

/** Most values of a kind that a {@link Pool} holds. */
const maxPooled = 1_000;

/** One copy of what many rows and entries have: versions, platforms, causes. Bounded: a full pool starts anew. */
export class Pool {
  readonly #texts = new Map<string, string>();
  readonly #causes = new Map<string, Cause>();

  text(text: string): string {
    return shared(this.#texts, text, text);
  }

  cause(cause: Cause | undefined): Cause | undefined {
    if (cause?.evidence === undefined) return cause;
    const known = shared(this.#causes, cause.evidence, cause);
    return known.code === cause.code ? known : cause;
  }
}

function shared<T>(pool: Map<string, T>, key: string, value: T): T {
  const known = pool.get(key);
  if (known !== undefined) return known;
  if (pool.size >= maxPooled) pool.clear();
  pool.set(key, value);
  return value;
}
