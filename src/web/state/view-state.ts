import { type ReadonlySignal, signal } from '@preact/signals';
import { type PresenceState, presenceStates, type SortKey, sortKeys } from '../../viewer/index.ts';
import { isLanguageCode, type LanguageCode } from '../i18n/languages.ts';

/** Names of groups in older addresses. */
const olderSorts: Readonly<Record<string, SortKey>> = { host: 'name', status: 'state' };

/** How rows are grouped. `sections` is the default; `none` is one plain list. */
export const groupings = ['sections', 'device', 'mode', 'gateway', 'none'] as const;
export type Grouping = (typeof groupings)[number];

/** The facets by which rows can be filtered, beside the search. */
export const facetNames = ['state', 'mode', 'role', 'tag', 'gateway'] as const;
export type FacetName = (typeof facetNames)[number];

/** Which rows are wanted; values of one facet are alternatives, facets must all fit. */
export type Filter = Readonly<Record<FacetName, readonly string[]>> & {
  /** The query language of every surface. */
  readonly text: string;
};

/** The part of the view that is in the address, so that a view can be shared. */
export interface ViewState {
  readonly filter: Filter;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly grouping: Grouping;
  /** Key of the instance whose details are open. */
  readonly instance?: string | undefined;
  /** True when the timeline of all instances is open. */
  readonly timeline?: true | undefined;
  /** The roster as it was at this moment, in milliseconds since the epoch; absent for now. */
  readonly atMs?: number | undefined;
  readonly language?: LanguageCode;
}

/** No filter: every row is wanted. */
export const noFilter: Filter = { text: '', state: [], mode: [], role: [], tag: [], gateway: [] };

/** Whether every row passes a filter. */
export function isNoFilter(filter: Filter): boolean {
  return filter.text.trim() === '' && facetNames.every((facet) => filter[facet].length === 0);
}

/** A filter with one value of a facet chosen, or no longer. */
export function toggledFacet(filter: Filter, facet: FacetName, value: string): Filter {
  const chosen = filter[facet];
  const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  return { ...filter, [facet]: next };
}

/** The meaning of `status=` in older addresses. */
const statesOfStatus: Readonly<Record<string, readonly PresenceState[]>> = {
  active: ['online', 'reporting'],
  idle: ['idle'],
  stale: ['stale'],
};

/** Parses the query of an address; unknown parameters are left out. */
export function readViewState(search: string): ViewState {
  const query = new URLSearchParams(search);
  const sort = query.get('sort') ?? '';
  const key = sortOf(sort.replace(/^-/, ''));
  const instance = query.get('instance');
  const language = query.get('lang');
  const atMs = momentOf(query.get('at'));
  const older = query.getAll('status').flatMap((word) => statesOfStatus[word] ?? []);
  return {
    filter: {
      text: query.get('q') ?? '',
      state: [...query.getAll('state'), ...older].filter(isState),
      mode: query.getAll('mode'),
      role: query.getAll('role'),
      tag: query.getAll('tag'),
      gateway: query.getAll('gateway'),
    },
    sort: key ?? 'name',
    descending: key !== undefined && sort.startsWith('-'),
    grouping: groupings.find((word) => word === query.get('group')) ?? 'sections',
    ...(instance && { instance }),
    ...(query.has('timeline') && { timeline: true }),
    ...(atMs !== undefined && { atMs }),
    ...(isLanguageCode(language) && { language }),
  };
}

function sortOf(word: string): SortKey | undefined {
  return (
    sortKeys.find((sort) => sort === word) ?? (Object.hasOwn(olderSorts, word) ? olderSorts[word] : undefined)
  );
}

function isState(word: string): word is PresenceState {
  return presenceStates.some((state) => state === word);
}

function momentOf(text: string | null): number | undefined {
  const atMs = text === null || text === '' ? Number.NaN : Date.parse(text);
  return Number.isFinite(atMs) && atMs >= 0 ? atMs : undefined;
}

/** Writes the query of an address, with its `?`; empty for the plain view. */
export function writeViewState(view: ViewState): string {
  const query = new URLSearchParams();
  if (view.filter.text !== '') query.set('q', view.filter.text);
  for (const facet of facetNames) {
    for (const word of view.filter[facet]) query.append(facet, word);
  }
  if (view.sort !== 'name' || view.descending) query.set('sort', `${view.descending ? '-' : ''}${view.sort}`);
  if (view.grouping !== 'sections') query.set('group', view.grouping);
  if (view.atMs !== undefined) query.set('at', new Date(view.atMs).toISOString());
  if (view.instance !== undefined) query.set('instance', view.instance);
  if (view.timeline) query.set('timeline', '');
  if (view.language !== undefined) query.set('lang', view.language);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The view, stored in the address of the page. */
export interface ViewAddress {
  readonly view: ReadonlySignal<ViewState>;
  /** Changes the view and the address; opening and closing a panel makes a step that the back button undoes. */
  update(change: Partial<ViewState>): void;
  /** Shows the view of a query, as a step that the back button undoes; language and panels are those of the query. */
  open(query: string): void;
  close(): void;
}

/** The properties of a window that are used. */
export type AddressWindow = Pick<Window, 'history' | 'location' | 'addEventListener' | 'removeEventListener'>;

/** Binds the view to the address of `window`. */
export function createViewAddress(window: AddressWindow): ViewAddress {
  const view = signal(readViewState(window.location.search));
  const read = (): void => {
    view.value = readViewState(window.location.search);
  };
  const go = (next: ViewState, isStep: boolean): void => {
    view.value = next;
    const address = `${window.location.pathname}${writeViewState(next)}`;
    if (isStep) window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  };
  window.addEventListener('popstate', read);
  return {
    view,
    update(change) {
      const next = { ...view.peek(), ...change };
      go(next, panelOf(next) !== panelOf(view.peek()));
    },
    open(query) {
      const { language } = view.peek();
      go({ ...(language && { language }), ...readViewState(query) }, true);
    },
    close: () => window.removeEventListener('popstate', read),
  };
}

function panelOf({ instance, timeline, atMs }: ViewState): string {
  return `${instance !== undefined} ${timeline === true} ${atMs !== undefined}`;
}
