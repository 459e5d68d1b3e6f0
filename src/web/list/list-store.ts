import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Instance, RosterSnapshot } from '../../client/index.ts';
import { byState, compareRows, type RowOrder } from '../../viewer/index.ts';
import type { ViewState } from '../app/view-state.ts';
import { createMatcher } from '../filters/matching.ts';
import { type Selection, selectRows } from '../filters/selection.ts';
import { groupedItems, type ListItem, plainItems } from './groups.ts';
import { holdOrder, inPlace, isInOrder, type PlacedRow } from './held-order.ts';
import { reorder } from './order.ts';

/** The list as it is shown. */
export interface ListStore {
  /** Every row, in order. */
  readonly ordered: ReadonlySignal<readonly Instance[]>;
  readonly selection: ReadonlySignal<Selection>;
  readonly items: ReadonlySignal<readonly ListItem[]>;
  /** The order is held, and would be another if it were not. */
  readonly isHeld: ReadonlySignal<boolean>;
  /** While somebody points at the list or has the focus in it, rows keep their places. */
  hold(reason: 'pointer' | 'focus', isHolding: boolean): void;
  /** Puts every row where it belongs now, once. */
  sortNow(): void;
  /** Opens or closes a group. */
  toggleGroup(key: string): void;
}

/** What a list is made from. */
export interface ListStoreDeps {
  readonly roster: ReadonlySignal<RosterSnapshot>;
  readonly nowMs: ReadonlySignal<number>;
  readonly view: ReadonlySignal<ViewState>;
  readonly collator: ReadonlySignal<Intl.Collator>;
}

/** Makes a list that follows the roster and the view. */
export function createListStore({ roster, nowMs, view, collator }: ListStoreDeps): ListStore {
  const matcher = createMatcher();
  const holders = signal<ReadonlySet<string>>(new Set());
  const closed = signal<ReadonlySet<string>>(new Set());
  const sorting = signal(0);

  const ordering = computed(() => view.value.sort);
  const descending = computed(() => view.value.descending);
  const filter = computed(() => view.value.filter);
  const grouped = computed(() => view.value.grouped);
  const order = createOrder();

  const ordered = computed(() => {
    const sort = ordering.value;
    const down = descending.value;
    const rows = order(roster.value.instances, {
      by: sort,
      descending: down && sort !== 'state',
      collator: collator.value,
    });
    return sort === 'state' ? byState(rows, nowMs.value, down) : rows;
  });
  const selection = computed(() =>
    selectRows(ordered.value, { filter: filter.value, nowMs: nowMs.value, matcher }),
  );
  const arrangement = computed(
    () => [ordering.value, descending.value, filter.value, sorting.value] as const,
  );
  const placed = createPlaces();
  const rows = computed(() => {
    const isHolding = holders.value.size > 0;
    return placed(selection.value.rows, roster.value.instances, isHolding, arrangement.value);
  });

  return {
    ordered,
    selection,
    items: computed(() => (grouped.value ? groupedItems(rows.value, closed.value) : plainItems(rows.value))),
    isHeld: computed(() => !isInOrder(rows.value, selection.value.rows)),
    hold(reason, isHolding) {
      if (holders.peek().has(reason) !== isHolding) holders.value = toggled(holders.peek(), reason);
    },
    sortNow() {
      sorting.value += 1;
    },
    toggleGroup(key) {
      closed.value = toggled(closed.peek(), key);
    },
  };
}

/** Orders rows, building on the order of the call before. */
function createOrder(): (rows: readonly Instance[], ordering: RowOrder) => readonly Instance[] {
  let last: { readonly ordering: RowOrder; readonly rows: readonly Instance[] } | undefined;
  return (rows, ordering) => {
    const before = last !== undefined && isSameOrdering(last.ordering, ordering) ? last.rows : [];
    last = { ordering, rows: reorder(before, rows, compareRows(ordering)) };
    return last.rows;
  };
}

function isSameOrdering(a: RowOrder, b: RowOrder): boolean {
  return a.by === b.by && a.descending === b.descending && a.collator === b.collator;
}

type Places = (
  wanted: readonly Instance[],
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
    shown = isKept
      ? holdOrder(shown, wanted, new Map(all.map((row) => [row.key, row])))
      : wanted.map(inPlace);
    return shown;
  };
}

function toggled(set: ReadonlySet<string>, word: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(word)) next.add(word);
  return next;
}
