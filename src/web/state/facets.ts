import type { Instance } from '../../client/index.ts';
import { isViewer, presenceStates } from '../../viewer/index.ts';
import { type Choice, missedFacet, stateAt, wordsOf } from './selection.ts';
import { type FacetName, facetNames } from './view-state.ts';

/** One value of a facet that can be chosen. */
export interface FacetWord {
  readonly word: string;
  /** Rows that would be shown if this value alone were chosen in its facet. */
  readonly count: number;
  readonly chosen: boolean;
}

/** The values of every facet that can be chosen. */
export type Facets = Readonly<Record<FacetName, readonly FacetWord[]>>;

/** Counts the rows of each value, given the values chosen in other facets. */
export function facetsOf(rows: readonly Instance[], { filter, nowMs, fitsText }: Choice): Facets {
  const counts = facetNames.map(() => new Map<string, number>());
  const stateOf = stateAt(nowMs());
  for (const row of rows) {
    // Viewers are not counted.
    if (isViewer(row) || !fitsText(row)) continue;
    const state = stateOf(row);
    const values = wordsOf(row);
    const missed = missedFacet(filter, state, values);
    if (missed === 'several') continue;
    for (const [index, facet] of facetNames.entries()) {
      if (missed !== undefined && missed !== facet) continue;
      const count = counts[index] as Map<string, number>;
      if (facet === 'state') count.set(state, (count.get(state) ?? 0) + 1);
      else for (const word of values[facet]) count.set(word, (count.get(word) ?? 0) + 1);
    }
  }
  const facets = facetNames.map((facet, index) => {
    const count = counts[index] as Map<string, number>;
    return [facet, facetWords(count, filter[facet], facet === 'state' ? presenceStates : [])] as const;
  });
  return Object.fromEntries(facets) as Facets;
}

/** A chosen value stays in the list even when no row has it any more; states are always all listed. */
function facetWords(
  counts: ReadonlyMap<string, number>,
  chosen: readonly string[],
  always: readonly string[],
): readonly FacetWord[] {
  const offered = [...new Set([...always, ...[...counts.keys()].sort(), ...chosen])];
  return offered.map((word) => ({ word, count: counts.get(word) ?? 0, chosen: chosen.includes(word) }));
}
