import type { Dialect, ListedRow } from './dialect.ts';
import type { Step } from './step.ts';

const STEPS_BEFORE_FOLDING = 2048;
/** Facts that move without a visible change, or with the clock of the reading (PR2, PR7). */
const VOLATILE = new Set(['ts', 'rttMs']);

/** The view of one watcher, rebuilt from what it received. */
export class View {
  readonly #dialect: Dialect;
  #rows = new Map<string, ListedRow>();
  #steps: Step[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Replaces everything by this list. */
  replace(step: Step): void {
    this.#rows = new Map();
    this.#steps = [step];
  }

  /** Applies a delta. */
  apply(step: Step): void {
    this.#steps.push(step);
    if (this.#steps.length >= STEPS_BEFORE_FOLDING) this.#fold();
  }

  /** The rows by key. */
  rows(): ReadonlyMap<string, ListedRow> {
    this.#fold();
    return this.#rows;
  }

  #fold(): void {
    for (const { content } of this.#steps) {
      for (const key of content.remove) this.#rows.delete(key);
      for (const row of content.upsert) this.#rows.set(this.#dialect.keyOf(row), row);
    }
    this.#steps = [];
  }
}

/** How a view differs from the server's list; undefined when it does not. */
export function difference(
  view: ReadonlyMap<string, ListedRow>,
  list: ReadonlyMap<string, ListedRow>,
): string | undefined {
  const missing = [...list.keys()].filter((key) => !view.has(key));
  const extra = [...view.keys()].filter((key) => !list.has(key));
  const wrong = [...list].flatMap(([key, row]) => wrongFact(key, view.get(key), row));
  if (missing.length + extra.length + wrong.length === 0) return undefined;
  return [counted('missing', missing), counted('too many', extra), counted('wrong', wrong)]
    .filter(Boolean)
    .join('; ');
}

function counted(what: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${items.length} ${what} (${items.slice(0, 3).join(', ')})`;
}

function wrongFact(key: string, seen: ListedRow | undefined, row: ListedRow): string[] {
  if (!seen || seen === row || canonical(seen) === canonical(row)) return [];
  const fact = Object.keys({ ...row, ...seen }).find(
    (name) => !VOLATILE.has(name) && JSON.stringify(row[name]) !== JSON.stringify(seen[name]),
  );
  return [`${key}: ${fact} is ${JSON.stringify(row[fact ?? ''])}, seen ${JSON.stringify(seen[fact ?? ''])}`];
}

const canonicalRows = new WeakMap<ListedRow, string>();

/** A row as text with its facts in order; cached, since watchers share rows. */
function canonical(row: ListedRow): string {
  const known = canonicalRows.get(row);
  if (known !== undefined) return known;
  const names = Object.keys(row)
    .filter((name) => !VOLATILE.has(name))
    .sort();
  const text = JSON.stringify(names.map((name) => [name, row[name]]));
  canonicalRows.set(row, text);
  return text;
}
