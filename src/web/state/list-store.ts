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
  /** All rows in their order, and the filter: input of the counts of facets. */
  readonly ordered: ReadonlySignal<readonly Instance[]>;
  readonly choice: ReadonlySignal<Choice>;
  readonly items: ReadonlySignal<readonly ListItem[]>;
  /** True when the order is held and differs from the sorted one. */
  readonly isHeld: ReadonlySignal<boolean>;
  /** While the pointer or the focus is in the list, rows keep their positions. */
  hold(reason: 'pointer' | 'focus', isHolding: boolean): void;
  /** Moves every row to its sorted position, once. */
  sortNow(): void;
  /** Opens or closes a section or a computer. */
  toggle(key: string): void;
}

/** Input of a list. */
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

/** Sorts rows incrementally, from the order of the previous call. */
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

/** Positions rows; while the order is held, as in the previous call. Another sort or group order by the person releases it. */
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

/** Assigns rows to sections; a row that stays in its section stays the same object, so that it is not rendered again. */
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
