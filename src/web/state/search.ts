import type { Instance } from '../../client/index.ts';
import { createMatcher, type QueriedRow, readQuery } from '../../viewer/index.ts';
import { modelName } from '../format/model-names.ts';
import { platformName } from '../format/platform-names.ts';
import { reasonText, roleText, type Words } from '../i18n/words.ts';

/** Decides whether a row fits the words of a filter. */
export type FitsText = (row: Instance) => boolean;

/** The search of one language. */
export interface Search {
  /** What is not finished or wrong yet is left out. */
  fitting(text: string, nowMs: number): FitsText;
  /** What is wrong with a text, if anything is. */
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
