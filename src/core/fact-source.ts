import type { FactSource, InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';
import type { ListedRow } from './listed-row.ts';

type Sources = InstanceView['sources'];

/** Every fact is from the handshake, or there is none. */
export const noSources: Sources = Object.freeze({});

/**
 * Which producer wrote a fact of a row.
 *
 * @returns `undefined` for a fact that the row does not have, a `text` that the gateway composed because nobody stated
 * one (PF), and for rows of gateways that do not send it.
 */
export function sourceOf(row: ListedRow, fact: keyof Facts): FactSource | undefined {
  if (row.sources === undefined || row[fact] === undefined) return undefined;
  return row.sources[fact] ?? (fact === 'text' ? undefined : 'connect');
}

/** The sources after a producer stated facts; the same object when that changes nothing. */
export function mergeSources(sources: Sources, facts: Facts, source: FactSource): Sources {
  if (source === 'connect') return withoutSources(sources, facts);
  let merged: { -readonly [K in keyof Sources]: Sources[K] } | undefined;
  for (const fact in facts) {
    if (sources[fact as keyof Facts] === source) continue;
    merged ??= { ...sources };
    merged[fact as keyof Facts] = source;
  }
  return merged ?? sources;
}

/** The sources without those of the given facts; the same object when none of them has one. */
export function withoutSources(sources: Sources, facts: Partial<Record<keyof Facts, unknown>>): Sources {
  for (const fact in facts) {
    if (sources[fact as keyof Facts] !== undefined) return otherSources(sources, facts);
  }
  return sources;
}

function otherSources(sources: Sources, facts: Partial<Record<keyof Facts, unknown>>): Sources {
  const others = Object.entries(sources).filter(([fact]) => !(fact in facts));
  return others.length === 0 ? noSources : Object.fromEntries(others);
}
