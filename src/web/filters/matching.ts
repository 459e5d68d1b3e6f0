import { type Instance, statusAt } from '../../client/index.ts';
import {
  createMatcher as createRowMatcher,
  everyRow,
  type QueriedRow,
  readQuery,
} from '../../viewer/index.ts';
import type { Filter } from '../app/view-state.ts';
import { modelName } from '../format/model-name.ts';
import { platformName } from '../format/platform-name.ts';

/** A facet that rows can be chosen by. */
export type FacetName = 'mode' | 'status' | 'role';

/** Decides which rows fit a text that somebody typed (PQ1); what is not finished yet is left out. */
export interface Matcher {
  fitsText(row: Instance, text: string, nowMs: number): boolean;
}

/** Makes a matcher, which remembers the text of each row and the query of the last text. */
export function createMatcher(): Matcher {
  const fits = createRowMatcher({ shown: shownNames });
  let last = { text: '', query: everyRow };
  return {
    fitsText: (row, text, nowMs) => {
      if (text !== last.text) last = { text, query: readQuery(text).query };
      return fits(last.query, row, nowMs);
    },
  };
}

/** Facts by the names under which the page shows them. */
function shownNames({ platform, modelIdentifier }: QueriedRow): readonly string[] {
  return [
    ...(platform === undefined ? [] : [platformName(platform)]),
    ...(modelIdentifier === undefined ? [] : [modelName(modelIdentifier)]),
  ];
}

/** The words of a row in a facet. */
export function wordsOf(row: Instance, facet: FacetName, nowMs: number): readonly string[] {
  if (facet === 'status') return [statusAt(row, nowMs)];
  if (facet === 'role') return row.roles ?? [];
  return row.mode === undefined ? [] : [row.mode];
}

/** Whether a row fits what is chosen in a facet; nothing chosen means everything. */
export function fitsFacet(row: Instance, facet: FacetName, filter: Filter, nowMs: number): boolean {
  const chosen = filter[facet];
  return chosen.length === 0 || wordsOf(row, facet, nowMs).some((word) => chosen.includes(word));
}
