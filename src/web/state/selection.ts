import type { Instance } from '../../client/index.ts';
import { type PresenceState, presenceStateOf } from '../../viewer/index.ts';
import { annotationsOf, gatewaysOf } from '../format/names.ts';
import type { FitsText } from './search.ts';
import { type FacetName, type Filter, facetNames, isNoFilter } from './view-state.ts';

/** Context of a filter. */
export interface Choice {
  readonly filter: Filter;
  /** Called only for a filter by state. */
  nowMs(): number;
  readonly fitsText: FitsText;
}

/** Applies filters. */
export interface Selector {
  /** The rows that fit, in their order; the very same list when there is no filter. */
  rowsOf(rows: readonly Instance[], choice: Choice): readonly Instance[];
}

const nothing: readonly string[] = [];

/** The values of a row in each facet but the state, in the order of {@link facetNames}. */
export function wordsOf(row: Instance): Readonly<Record<Exclude<FacetName, 'state'>, readonly string[]>> {
  const { labels = nothing } = annotationsOf(row);
  return {
    mode: row.mode === undefined ? nothing : [row.mode],
    role: row.roles ?? nothing,
    tag: labels.length === 0 ? (row.tags ?? nothing) : [...new Set([...labels, ...(row.tags ?? nothing)])],
    gateway: gatewaysOf(row),
  };
}

/** Makes a selector, which caches the values of each row: rows are immutable. */
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
  };
}

/** The state of rows at a moment; without a moment no filter reads the state, and any value serves. */
export function stateAt(nowMs: number | undefined): (row: Instance) => PresenceState {
  return nowMs === undefined ? () => 'online' : (row) => presenceStateOf(row, nowMs);
}

/** The one facet that a row does not match, `several`, or undefined when it matches all. */
export function missedFacet(
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
