import type { Instance } from '../../client/index.ts';
import { type PresenceState, presenceStateOf, presenceStates } from '../../viewer/index.ts';
import { annotationsOf, gatewaysOf, isViewer } from '../format/names.ts';
import type { FitsText } from './search.ts';
import { type FacetName, type Filter, facetNames, isNoFilter } from './view-state.ts';

/** One value of a facet that can be chosen. */
export interface FacetWord {
  readonly word: string;
  /** Rows that would be shown if this value alone were chosen in its facet. */
  readonly count: number;
  readonly chosen: boolean;
}

/** The values of every facet, as they are offered. */
export type Facets = Readonly<Record<FacetName, readonly FacetWord[]>>;

/** What a filter is applied with. */
export interface Choice {
  readonly filter: Filter;
  /** Asked only where a state decides. */
  nowMs(): number;
  readonly fitsText: FitsText;
}

/** Applies filters. */
export interface Selector {
  /** The rows that fit, in their order; the very same list when there is no filter. */
  rowsOf(rows: readonly Instance[], choice: Choice): readonly Instance[];
  /** Counts what could be chosen besides. */
  facetsOf(rows: readonly Instance[], choice: Choice): Facets;
}

const nothing: readonly string[] = [];

/** The values of a row in each facet but the state, in the order of {@link facetNames}. */
function wordsOf(row: Instance): Readonly<Record<Exclude<FacetName, 'state'>, readonly string[]>> {
  const { labels = nothing } = annotationsOf(row);
  return {
    mode: row.mode === undefined ? nothing : [row.mode],
    role: row.roles ?? nothing,
    tag: labels.length === 0 ? (row.tags ?? nothing) : [...new Set([...labels, ...(row.tags ?? nothing)])],
    gateway: gatewaysOf(row),
  };
}

/** Makes a selector, which remembers what each row's values are: rows are immutable. */
export function createSelector(): Selector {
  const known = new WeakMap<Instance, ReturnType<typeof wordsOf>>();
  const valuesOf = (row: Instance): ReturnType<typeof wordsOf> => {
    const values = known.get(row) ?? wordsOf(row);
    known.set(row, values);
    return values;
  };
  return {
    rowsOf(rows, { filter, nowMs, fitsText }) {
      if (isNoFilter(filter)) return rows;
      const stateOf = stateAt(filter.state.length > 0 ? nowMs() : undefined);
      return rows.filter(
        (row) => fitsText(row) && missedFacet(filter, stateOf(row), valuesOf(row)) === undefined,
      );
    },
    facetsOf(rows, { filter, nowMs, fitsText }) {
      const counts = facetNames.map(() => new Map<string, number>());
      const stateOf = stateAt(nowMs());
      for (const row of rows) {
        // Those who only watch are no part of what is counted.
        if (isViewer(row) || !fitsText(row)) continue;
        const state = stateOf(row);
        const values = valuesOf(row);
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
    },
  };
}

/** Tells the state of rows at a moment; without one no state matters, and any will do. */
function stateAt(nowMs: number | undefined): (row: Instance) => PresenceState {
  return nowMs === undefined ? () => 'online' : (row) => presenceStateOf(row, nowMs);
}

/** The one facet that a row does not fit, `several`, or undefined when it fits all. */
function missedFacet(
  filter: Filter,
  state: PresenceState,
  values: ReturnType<typeof wordsOf>,
): FacetName | 'several' | undefined {
  let missed: FacetName | undefined;
  for (const facet of facetNames) {
    const chosen = filter[facet];
    if (chosen.length === 0) continue;
    const fits =
      facet === 'state' ? chosen.includes(state) : values[facet].some((word) => chosen.includes(word));
    if (fits) continue;
    if (missed !== undefined) return 'several';
    missed = facet;
  }
  return missed;
}

/** A value that is chosen stays on offer even when no row has it any more; the states are always all there. */
function facetWords(
  counts: ReadonlyMap<string, number>,
  chosen: readonly string[],
  always: readonly string[],
): readonly FacetWord[] {
  const offered = [...new Set([...always, ...[...counts.keys()].sort(), ...chosen])];
  return offered.map((word) => ({ word, count: counts.get(word) ?? 0, chosen: chosen.includes(word) }));
}
