import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Instance } from '../../client/index.ts';
import { byState, type RowOrder } from '../../viewer/index.ts';
import type { Survey } from './attention.ts';
import type { PastInstance } from './history.ts';
import { compareBy, reorder } from './order.ts';
import { holdOrder, isInOrder, type PlacedRow } from './places.ts';
import type { FitsText, Search } from './search.ts';
import { itemsOf, type ListItem, peopleMachines, sectionOf } from './sections.ts';
import { type Choice, createSelector } from './selection.ts';
import { isNoFilter, type ViewState } from './view-state.ts';

/** The list as it is shown. */
export interface ListStore {
  /** The rows that fit the filter, in their order. */
  readonly selected: ReadonlySignal<readonly Instance[]>;
  /** All rows in their order, and what is chosen of them: what the counts of the filters are made from. */
  readonly ordered: ReadonlySignal<readonly Instance[]>;
  readonly choice: ReadonlySignal<Choice>;
  readonly items: ReadonlySignal<readonly ListItem[]>;
  /** The order is held, and would be another if it were not. */
  readonly isHeld: ReadonlySignal<boolean>;
  /** While somebody points at the list or has the focus in it, rows keep their places. */
  hold(reason: 'pointer' | 'focus', isHolding: boolean): void;
  /** Puts every row where it belongs now, once. */
  sortNow(): void;
  /** Opens or closes a section or a computer. */
  toggle(key: string): void;
}

/** What a list is made from. */
export interface ListStoreDeps {
  readonly instances: ReadonlySignal<readonly Instance[]>;
  readonly nowMs: ReadonlySignal<number>;
  readonly view: ReadonlySignal<ViewState>;
  readonly collator: ReadonlySignal<Intl.Collator>;
  /** Undefined until it is loaded; an empty text needs none. */
  readonly search: ReadonlySignal<Search | undefined>;
  readonly survey: ReadonlySignal<Survey>;
  readonly past: ReadonlySignal<readonly PastInstance[]>;
}

const everything: FitsText = () => true;

/** Makes a list that follows the roster and the view. */
export function createListStore(deps: ListStoreDeps): ListStore {
  const { instances, nowMs, view, collator, search, survey, past } = deps;
  const holders = signal<ReadonlySet<string>>(new Set());
  const toggled = signal<ReadonlySet<string>>(new Set());
  const sorting = signal(0);

  const ordering = computed(() => view.value.sort);
  const descending = computed(() => view.value.descending);
  const filter = computed(() => view.value.filter);
  const grouping = computed(() => view.value.grouping);
  const order = createOrder();
  const selector = createSelector();
  const place = createPlacer();

  const ordered = computed(() => {
    const sort = ordering.value;
    const down = descending.value;
    const rows = order(instances.value, {
      by: sort,
      descending: down && sort !== 'state',
      collator: collator.value,
    });
    return sort === 'state' ? byState(rows, nowMs.value, down) : rows;
  });
  const fitsOf = (text: string): FitsText =>
    text.trim() === '' ? everything : (search.value?.fitting(text, nowMs.value) ?? everything);
  const choice = computed(
    (): Choice => ({
      filter: filter.value,
      nowMs: () => nowMs.value,
      fitsText: fitsOf(filter.value.text),
    }),
  );
  const selected = computed(() => selector.rowsOf(ordered.value, choice.value));
  const concerns = sameKeys(() => survey.value.concerns.map(({ instance }) => instance.key));
  const wanted = computed(() => {
    const rows = selected.value;
    const sectioning = {
      grouping: grouping.value,
      concerns: concerns.value,
      people: peopleMachines(rows),
    };
    return rows.map((instance) => place(instance, sectionOf(instance, sectioning)));
  });
  const arrangement = computed(
    () => [ordering.value, descending.value, filter.value, grouping.value, sorting.value] as const,
  );
  const placed = createPlaces();
  const rows = computed(() =>
    placed(wanted.value, instances.value, holders.value.size > 0, arrangement.value),
  );
  return {
    selected,
    ordered,
    choice,
    items: computed(() => {
      const allOpen = !isNoFilter(filter.value);
      const shownPast = allOpen ? [] : past.value;
      return itemsOf(rows.value, {
        grouping: grouping.value,
        toggled: toggled.value,
        allOpen,
        past: shownPast,
      });
    }),
    isHeld: computed(() => holders.value.size > 0 && !isInOrder(rows.value, wanted.value)),
    hold(reason, isHolding) {
      if (holders.peek().has(reason) !== isHolding) holders.value = withToggled(holders.peek(), reason);
    },
    sortNow() {
      sorting.value += 1;
    },
    toggle(key) {
      toggled.value = withToggled(toggled.peek(), key);
    },
  };
}

/** Orders rows, building on the order of the call before. */
function createOrder(): (rows: readonly Instance[], ordering: RowOrder) => readonly Instance[] {
  let last: { readonly ordering: RowOrder; readonly rows: readonly Instance[] } | undefined;
  return (rows, ordering) => {
    const before = last !== undefined && isSameOrdering(last.ordering, ordering) ? last.rows : [];
    last = { ordering, rows: reorder(before, rows, compareBy(ordering)) };
    return last.rows;
  };
}

function isSameOrdering(a: RowOrder, b: RowOrder): boolean {
  return a.by === b.by && a.descending === b.descending && a.collator === b.collator;
}

type Places = (
  wanted: readonly PlacedRow[],
  all: readonly Instance[],
  isHolding: boolean,
  arrangement: unknown,
) => readonly PlacedRow[];

/** Places rows, in the places of the call before while those are held; another arrangement by the person frees them. */
function createPlaces(): Places {
  let shown: readonly PlacedRow[] = [];
  let arranged: unknown;
  return (wanted, all, isHolding, arrangement) => {
    const isKept = isHolding && arranged === arrangement;
    arranged = arrangement;
    shown = isKept ? holdOrder(shown, wanted, new Map(all.map((row) => [row.key, row]))) : wanted;
    return shown;
  };
}

/** Places rows in sections; a row that stays in its section stays the same object, so that nothing of it is made again. */
function createPlacer(): (instance: Instance, section: string) => PlacedRow {
  const known = new WeakMap<Instance, PlacedRow>();
  return (instance, section) => {
    const before = known.get(instance);
    if (before?.section === section) return before;
    const placed = { instance, gone: false, section };
    known.set(instance, placed);
    return placed;
  };
}

/** A set of keys that is another object only when it has other keys. */
function sameKeys(keys: () => readonly string[]): ReadonlySignal<ReadonlySet<string>> {
  let last: ReadonlySet<string> = new Set();
  return computed(() => {
    const next = new Set(keys());
    if (next.size !== last.size || [...next].some((key) => !last.has(key))) last = next;
    return last;
  });
}

function withToggled(set: ReadonlySet<string>, word: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(word)) next.add(word);
  return next;
}
