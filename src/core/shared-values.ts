import type { InstanceView } from './entry.ts';

type Sources = InstanceView['sources'];

/** Most combinations that are kept. */
const maxPooled = 1_000;

/**
 * One object for all rows whose facts have the same sources: most rows are written by the same producers, and the names of a dozen
 * facts cost as much as the facts. Bounded: a full pool starts anew.
 */
export class SourcesPool {
  readonly #known = new Map<string, Sources>();

  shared(sources: Sources): Sources {
    const text = JSON.stringify(sources);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= maxPooled) this.#known.clear();
    this.#known.set(text, sources);
    return sources;
  }
}
