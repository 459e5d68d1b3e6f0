import type { Instance } from '../../client/index.ts';
import { createMatcher, type QueriedRow, readQuery } from '../../viewer/index.ts';
import { modelName } from '../format/model-names.ts';
import { platformName } from '../format/platform-names.ts';
import { reasonText, roleText, type Words } from '../i18n/words.ts';

/** Decides whether a row fits the words of a filter. */
export type FitsText = (row: Instance) => boolean;

/**
 * Makes the search of one language: the query language of every surface (PQ1), in which the words that the page shows are found as
 * well. What is not finished or wrong yet is left out.
 */
export function createSearch(t: Words): (text: string, nowMs: number) => FitsText {
  const fits = createMatcher({ words: t, shown: (row) => shownTexts(row, t) });
  return (text, nowMs) => {
    const { query } = readQuery(text);
    if (query.terms.length === 0) return () => true;
    return (row) => fits(query, row, nowMs);
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
