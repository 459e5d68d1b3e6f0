import type { Instance } from '../../client/index.ts';
import { type Filter, statuses } from '../app/view-state.ts';
import { type FacetName, fitsFacet, type Matcher, wordsOf } from './matching.ts';

/** One word of a facet that can be chosen. */
export interface FacetWord {
  readonly word: string;
  /** Rows that would be shown if this word alone were chosen in its facet. */
  readonly count: number;
  readonly chosen: boolean;
}

/** What a filter selects. */
export interface Selection {
  /** In the order of the input. */
  readonly rows: readonly Instance[];
  readonly facets: Readonly<Record<FacetName, readonly FacetWord[]>>;
}

/** The facets, in the order in which they are offered. */
export const facetNames: readonly FacetName[] = ['status', 'mode', 'role'];

/** Selects the rows that fit a filter, and counts what each other choice would show. */
export function selectRows(
  rows: readonly Instance[],
  options: { readonly filter: Filter; readonly nowMs: number; readonly matcher: Matcher },
): Selection {
  const { filter, nowMs, matcher } = options;
  const counts = {
    mode: new Map<string, number>(),
    status: new Map<string, number>(),
    role: new Map<string, number>(),
  };
  const selected: Instance[] = [];
  for (const row of rows) {
    if (!matcher.fitsText(row, filter.text, nowMs)) continue;
    const misses = facetNames.filter((facet) => !fitsFacet(row, facet, filter, nowMs));
    if (misses.length === 0) selected.push(row);
    for (const facet of facetNames) {
      if (misses.some((missed) => missed !== facet)) continue;
      for (const word of wordsOf(row, facet, nowMs)) add(counts[facet], word);
    }
  }
  return {
    rows: selected,
    facets: {
      status: facetWords(counts.status, filter.status, statuses),
      mode: facetWords(counts.mode, filter.mode, [...counts.mode.keys()].sort()),
      role: facetWords(counts.role, filter.role, [...counts.role.keys()].sort()),
    },
  };
}

function add(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** A word that is chosen stays on offer even when no row has it any more. */
function facetWords(
  counts: ReadonlyMap<string, number>,
  chosen: readonly string[],
  words: readonly string[],
): readonly FacetWord[] {
  const offered = [...new Set([...words, ...chosen])];
  return offered.map((word) => ({ word, count: counts.get(word) ?? 0, chosen: chosen.includes(word) }));
}
