import { type Instance, statusAt } from '../../client/index.ts';
import type { Filter } from '../app/view-state.ts';
import { modelName } from '../format/model-name.ts';
import { platformName } from '../format/platform-name.ts';

/** A facet that rows can be chosen by. */
export type FacetName = 'mode' | 'status' | 'role';

/** Decides which rows fit a filter. Remembers the text of each row: rows are immutable. */
export interface Matcher {
  fitsText(row: Instance, text: string): boolean;
}

/** Makes a matcher. */
export function createMatcher(): Matcher {
  const texts = new WeakMap<Instance, string>();
  const textOf = (row: Instance): string => {
    const known = texts.get(row);
    if (known !== undefined) return known;
    const text = searchText(row);
    texts.set(row, text);
    return text;
  };
  return {
    fitsText: (row, text) => {
      const words = text.toLowerCase().split(/\s+/);
      return words.every((word) => textOf(row).includes(word));
    },
  };
}

/** Everything of a row that a person may type, as it is and as it is shown. */
function searchText(row: Instance): string {
  const { platform, modelIdentifier } = row;
  return [
    row.host,
    row.ip,
    row.version,
    platform,
    platform && platformName(platform),
    modelIdentifier,
    modelIdentifier && modelName(modelIdentifier),
    row.deviceFamily,
    row.mode,
    row.reason,
    row.instanceId,
    row.deviceId,
    row.key,
    ...(row.roles ?? []),
    ...(row.tags ?? []),
  ]
    .filter((fact) => fact !== undefined)
    .join('\n')
    .toLowerCase();
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
