import type { Instance, InstanceChange } from '../../client/index.ts';
import { SortedList } from '../../client/sorted-list.ts';
import {
  type ChosenOrder,
  compareRows,
  createMatcher,
  dependsOnTime,
  englishWords,
  type PresenceState,
  presenceStateOf,
  presenceStates,
  readQuery,
} from '../../viewer/index.ts';

/** Which rows are listed, and how. */
export interface ListView {
  readonly order: ChosenOrder;
  /** A query, as on the page. */
  readonly filter: string;
}

/** `pi-9` before `pi-10`, in any letter case. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * The rows of a roster that pass a filter, in order, and how many there are in each state.
 *
 * A change costs as much as changed. States depend on the time: `tick` looks at all rows again, once a second.
 */
export class WatchedRows {
  #view: ListView = { order: { by: 'name', descending: false }, filter: '' };
  #nowMs = 0;
  #matches = createMatcher({ words: englishWords });
  #query = readQuery('').query;
  #rows = SortedList.of<Instance>(this.#compare());
  #total = 0;
  readonly #listed = new Set<string>();
  readonly #counts = new Map<PresenceState, number>();

  /** Rows that pass the filter. */
  get count(): number {
    return this.#rows.size;
  }

  /** All rows of the roster. */
  get total(): number {
    return this.#total;
  }

  /** States that there are, in their order, with how many rows are in each. */
  get counts(): readonly (readonly [PresenceState, number])[] {
    return presenceStates.flatMap((state) => {
      const count = this.#counts.get(state) ?? 0;
      return count > 0 ? [[state, count] as const] : [];
    });
  }

  slice(from: number, count: number): readonly Instance[] {
    return this.#rows.slice(from, count);
  }

  at(index: number): Instance | undefined {
    return index < 0 ? undefined : this.#rows.slice(index, 1)[0];
  }

  indexOf(row: Instance | undefined): number {
    return row === undefined || !this.#listed.has(row.key) ? -1 : this.#rows.indexOf(row);
  }

  /** Reads all rows, for another view or after the connection changed. `nowMs` is the gateway's clock. */
  read(instances: readonly Instance[], view: ListView, nowMs: number): void {
    this.#view = view;
    this.#nowMs = nowMs;
    this.#query = readQuery(view.filter).query;
    this.#listed.clear();
    this.#recount(instances);
    const listed = instances.filter((row) => this.#passes(row));
    for (const { key } of listed) this.#listed.add(key);
    this.#rows = SortedList.of(this.#compare(), listed);
  }

  /** The time went on: what depends on it is looked at again. */
  tick(instances: readonly Instance[], nowMs: number): void {
    this.#nowMs = nowMs;
    this.#recount(instances);
    if (dependsOnTime(this.#query)) {
      const flipped = instances.filter((row) => this.#passes(row) !== this.#listed.has(row.key));
      const gone = flipped.filter(({ key }) => this.#listed.delete(key));
      const come = flipped.filter((row) => !gone.includes(row));
      for (const { key } of come) this.#listed.add(key);
      this.#rows = this.#rows.change(gone, come);
    }
    if (this.#view.order.by === 'state') this.#rows = SortedList.of(this.#compare(), this.#rows.toArray());
  }

  /** Takes the changes of a client, as `onChanges` reports them. */
  follow(changes: readonly InstanceChange[], renewed: readonly Instance[]): void {
    const removed: Instance[] = [];
    const added = new Map<string, Instance>();
    for (const change of changes) {
      const previous =
        change.kind === 'join' ? undefined : change.kind === 'leave' ? change.instance : change.previous;
      if (previous) {
        this.#count(previous, -1);
        if (!added.delete(previous.key) && this.#listed.delete(previous.key)) removed.push(previous);
      }
      if (change.kind === 'leave') continue;
      this.#count(change.instance, 1);
      if (this.#passes(change.instance)) added.set(change.key, change.instance);
    }
    for (const row of renewed) if (this.#listed.has(row.key)) added.set(row.key, row);
    for (const key of added.keys()) this.#listed.add(key);
    this.#rows = this.#rows.change([...removed, ...this.#formerSelves(renewed)], [...added.values()]);
  }

  /** A gateway's own row sorts by its time too; it is among the first. */
  #formerSelves(renewed: readonly Instance[]): readonly Instance[] {
    if (renewed.length === 0) return [];
    const keys = new Set(renewed.map(({ key }) => key));
    return this.#rows.slice(0, renewed.length).filter(({ key }) => keys.has(key));
  }

  #compare(): (a: Instance, b: Instance) => number {
    const { by, descending } = this.#view.order;
    const nowMs = this.#nowMs;
    if (by !== 'state') return compareRows({ by, descending, collator });
    const byName = compareRows({ by: 'name', descending: false, collator });
    const sign = descending ? -1 : 1;
    const rank = (row: Instance): number => presenceStates.indexOf(presenceStateOf(row, nowMs));
    return (a, b) => (a.self || b.self ? 0 : sign * (rank(a) - rank(b))) || byName(a, b);
  }

  #passes(row: Instance): boolean {
    return this.#query.terms.length === 0 || this.#matches(this.#query, row, this.#nowMs);
  }

  #recount(instances: readonly Instance[]): void {
    this.#counts.clear();
    this.#total = 0;
    for (const row of instances) this.#count(row, 1);
  }

  #count(row: Instance, by: 1 | -1): void {
    const state = presenceStateOf(row, this.#nowMs);
    this.#total += by;
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }
}
