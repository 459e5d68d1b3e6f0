import type { Cause } from './cause.ts';
import type { InstanceView } from './entry.ts';
import { type FactName, factNames, fields } from './facts.ts';
import type { Grant } from './grants.ts';

type Sources = InstanceView['sources'];

/** Most values of a kind that are kept. */
const maxKept = 1_000;

/** Texts that many instances state alike: what says of which kind they are, rather than which one. */
const commonFacts: ReadonlySet<FactName> = new Set(
  factNames.filter(
    (name) => fields[name].section === 'machine' || ['mode', 'version', 'reason'].includes(name),
  ),
);

/**
 * One copy of what many rows have in common: every frame brings its own texts and lists, and those of a row cost as much as
 * everything else of it. Bounded: what is full starts anew.
 */
export class SharedValues {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();
  readonly #grants = new Map<string, Partial<Grant>>();
  readonly #causes = new Map<string, Cause>();
  readonly #sources = new Map<string, Sources>();

  /** A fact of a row; `key` is the key of that row, which its ids repeat. */
  fact<Value>(name: FactName, value: Value, key: string): Value;
  fact(name: FactName, value: unknown, key: string): unknown {
    if (typeof value === 'string')
      return commonFacts.has(name) ? keep(this.#texts, value, value) : value === key ? key : value;
    return Array.isArray(value) ? this.list(value) : value;
  }

  list(list: readonly string[]): readonly string[] {
    return keep(this.#lists, JSON.stringify(list), list);
  }

  /** Roles and scopes, in this order. */
  grant<Kind extends Partial<Grant>>(grant: Kind): Kind {
    return keep<Partial<Grant>>(this.#grants, JSON.stringify(grant), grant) as Kind;
  }

  cause(cause: Cause): Cause {
    return cause.evidence === undefined
      ? cause
      : keep(this.#causes, `${cause.code} ${cause.evidence}`, cause);
  }

  /** Most rows are written by the same producers. */
  sources(sources: Sources): Sources {
    return keep(this.#sources, JSON.stringify(sources), sources);
  }
}

function keep<T>(kept: Map<string, T>, key: string, value: T): T {
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= maxKept) kept.clear();
  kept.set(key, value);
  return value;
}
