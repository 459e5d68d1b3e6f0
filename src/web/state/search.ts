import type { Instance } from '../../client/index.ts';
import { createMatcher, type QueriedRow, readQuery } from '../../viewer/index.ts';
import { modelName } from '../format/model-names.ts';
import { platformName } from '../format/platform-names.ts';
import { reasonText, roleText, type Words } from '../i18n/words.ts';

/** Matches rows against the text of a filter. */
export type FitsText = (row: Instance) => boolean;

/** The search of one language. */
export interface Search {
  /** Unfinished or wrong terms are left out. */
  fitting(text: string, nowMs: number): FitsText;
  /** The error of a text, if there is one. */
  problemOf(text: string): string | undefined;
}

/** Makes the search: the query language of every surface (PQ1), in which the words that the page shows are found as well. */
export function createSearch(t: Words): Search {
  const fits = createMatcher({ words: t, shown: (row) => shownTexts(row, t) });
  return {
    fitting(text, nowMs) {
      const { query } = readQuery(text);
      return (row) => fits(query, row, nowMs);
    },
    problemOf: (text) => readQuery(text).error?.message,
  };
}

/** Facts by the names under which the page shows them. */
function shownTexts(
  { platform, modelIdentifier, reason, roles = [] }: QueriedRow,
  t: Words,
): readonly string[] {
  return [
    ...(platform === undefined ? [] : [platformName(platform)]),
    ...(modelIdentifier === undefined ? [] : [modelName(modelIdentifier)]),
    ...(reason === undefined ? [] : [reasonText(reason, t)]),
    ...roles.map((role) => roleText(role, t)),
  ];
}
