import type { Status } from '../../client/index.ts';
import { type SortKey, sortKeys } from '../../viewer/index.ts';
import { isLanguageCode, type LanguageCode } from '../i18n/language-code.ts';

/** The statuses, freshest first. */
export const statuses: readonly Status[] = ['active', 'idle', 'stale'];

/** Which rows are wanted; words of one facet are alternatives, facets must all fit. */
export interface Filter {
  /** Free text; every word must occur. */
  readonly text: string;
  readonly mode: readonly string[];
  readonly status: readonly string[];
  readonly role: readonly string[];
}

/** Everything about the view that the address tells, so that a view can be shared. */
export interface ViewState {
  readonly filter: Filter;
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Rows of one device stand together. */
  readonly grouped: boolean;
  /** Key of the instance whose details are open. */
  readonly instance?: string | undefined;
  readonly language?: LanguageCode;
}

/** No filter: every row is wanted. */
export const noFilter: Filter = { text: '', mode: [], status: [], role: [] };

/** Whether a filter lets every row through. */
export function isNoFilter({ text, mode, status, role }: Filter): boolean {
  return text.trim() === '' && mode.length + status.length + role.length === 0;
}

/** Reads the query of an address; what it does not understand is left out. */
export function readViewState(search: string): ViewState {
  const query = new URLSearchParams(search);
  const sort = query.get('sort') ?? '';
  const instance = query.get('instance');
  const language = query.get('lang');
  const key = sortKeys.find((word) => word === sort.replace(/^-/, ''));
  return {
    filter: {
      text: query.get('q') ?? '',
      mode: query.getAll('mode'),
      status: query.getAll('status').filter((word) => statuses.some((status) => status === word)),
      role: query.getAll('role'),
    },
    sort: key ?? 'name',
    descending: key !== undefined && sort.startsWith('-'),
    grouped: query.get('group') === 'device',
    ...(instance && { instance }),
    ...(isLanguageCode(language) && { language }),
  };
}

/** Writes the query of an address, with its `?`; empty for the plain view. */
export function writeViewState(view: ViewState): string {
  const query = new URLSearchParams();
  if (view.filter.text !== '') query.set('q', view.filter.text);
  for (const facet of ['mode', 'status', 'role'] as const) {
    for (const word of view.filter[facet]) query.append(facet, word);
  }
  if (view.sort !== 'name' || view.descending) query.set('sort', `${view.descending ? '-' : ''}${view.sort}`);
  if (view.grouped) query.set('group', 'device');
  if (view.instance !== undefined) query.set('instance', view.instance);
  if (view.language !== undefined) query.set('lang', view.language);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
