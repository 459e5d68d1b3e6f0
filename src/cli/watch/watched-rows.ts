import type { Instance, InstanceChange } from '../../client/index.ts';
import { SortedList } from '../../client/sorted-list.ts';
import {
  attentionOf,
  type ChosenOrder,
  compareRows,
  compareSections,
  createMatcher,
  dependsOnTime,
  englishWords,
  isOfPeople,
  isViewer,
  machineKey,
  type PresenceState,
  presenceStateOf,
  presenceStates,
  readQuery,
  sectionOfRow,
} from '../../viewer/index.ts';

/** Which rows are listed, and how. */
export interface ListView {
  readonly order: ChosenOrder;
  /** A query, as on the page. */
  readonly filter: string;
  /** Rows stand in sections, as on the page; without it in one list. */
  readonly sections?: SectionView | undefined;
}

/** What sections are made from beside the rows. */
export interface SectionView {
  /** Viewers and who is gone today are listed; else only counted, unless there is a query. */
  readonly unfolded: boolean;
  /** Who was here today and is not listed, as rows of their last moment. */
  readonly past: readonly Instance[];
  /** How often an instance left within the last minutes. */
  leavesOf(key: string): number;
}

/** One section of the list. */
export interface SectionSpan {
  readonly section: string;
  /** Index of the first of them. */
  readonly from: number;
  readonly count: number;
}

/** What is not listed, but counted. */
export interface FoldedRows {
  readonly viewers: number;
  readonly past: readonly Instance[];
}

/** `pi-9` before `pi-10`, in any letter case. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Listed rows of one computer. */
interface Machine {
  people: number;
  readonly keys: Set<string>;
}

/**
 * The rows of a roster that pass a filter, in their sections and in order, and how many there are in each state.
 *
 * A change costs as much as changed. States depend on the time: `tick` checks all rows again, once a second.
 */
export class WatchedRows {
  #view: ListView = { order: { by: 'name', descending: false }, filter: '' };
  #nowMs = 0;
  #matches = createMatcher({ words: englishWords });
  #query = readQuery('').query;
  #rows = SortedList.of<Instance>(this.#compare());
  #total = 0;
  #viewers = 0;
  readonly #listed = new Map<string, Instance>();
  /** Positions of listed rows in the list. */
  readonly #sections = new Map<string, string>();
  readonly #machines = new Map<string, Machine>();
  /** Rows of the past that are listed. */
  readonly #past = new Map<string, Instance>();
  readonly #counts = new Map<PresenceState, number>();

  /** Rows that are listed. */
  get count(): number {
    return this.#rows.size;
  }

  /** All rows of the roster. */
  get total(): number {
    return this.#total;
  }

  /** The states that occur, in their order, with the number of rows in each. */
  get counts(): readonly (readonly [PresenceState, number])[] {
    return presenceStates.flatMap((state) => {
      const count = this.#counts.get(state) ?? 0;
      return count > 0 ? [[state, count] as const] : [];
    });
  }

  /** The sections, from the top; none of a list without them. */
  get spans(): readonly SectionSpan[] {
    if (this.#view.sections === undefined) return [];
    const counts = new Map<string, number>();
    for (const section of this.#sections.values()) counts.set(section, (counts.get(section) ?? 0) + 1);
    if (this.#past.size > 0) counts.set('past', this.#past.size);
    let from = 0;
    return [...counts]
      .sort(([a], [b]) => compareSections(a, b))
      .map(([section, count]) => {
        const span = { section, from, count };
        from += count;
        return span;
      });
  }

  get folded(): FoldedRows {
    const { sections, filter } = this.#view;
    const isFolded = sections !== undefined && !sections.unfolded && filter === '';
    return isFolded ? { viewers: this.#viewers, past: sections.past } : { viewers: 0, past: [] };
  }

  slice(from: number, count: number): readonly Instance[] {
    return this.#rows.slice(from, count);
  }

  at(index: number): Instance | undefined {
    return index < 0 ? undefined : this.#rows.slice(index, 1)[0];
  }

  /** A row that is listed, of the roster or of the past. */
  get(key: string): Instance | undefined {
    return this.#listed.get(key) ?? this.#past.get(key);
  }

  indexOf(row: Instance | undefined): number {
    return row === undefined || this.get(row.key) === undefined ? -1 : this.#rows.indexOf(row);
  }

  /** Reads all rows, for another view or after the connection changed. `nowMs` is the gateway's clock. */
  read(instances: readonly Instance[], view: ListView, nowMs: number): void {
    this.#view = view;
    this.#nowMs = nowMs;
    this.#query = readQuery(view.filter).query;
    for (const map of [this.#listed, this.#sections, this.#machines, this.#past]) map.clear();
    this.#recount(instances);
    const listed = instances.filter((row) => this.#passes(row));
    for (const row of listed) this.#enter(row);
    for (const row of listed) this.#sections.set(row.key, this.#sectionOf(row));
    const { sections, filter } = view;
    const past = sections?.unfolded && filter === '' ? sections.past : [];
    for (const row of past) if (!this.#listed.has(row.key)) this.#past.set(row.key, row);
    this.#rows = SortedList.of(this.#compare(), [...listed, ...this.#past.values()]);
  }

  /** Updates what depends on the time. */
  tick(instances: readonly Instance[], nowMs: number): void {
    this.#nowMs = nowMs;
    this.#recount(instances);
    const isTimed = dependsOnTime(this.#query);
    const flipped = isTimed ? instances.filter((row) => this.#passes(row) !== this.#listed.has(row.key)) : [];
    const gone = flipped.filter(({ key }) => this.#listed.has(key));
    this.#change(
      gone,
      flipped.filter((row) => !gone.includes(row)),
    );
    this.#move(this.#aged());
    if (this.#view.order.by === 'state') this.#rows = SortedList.of(this.#compare(), this.#rows.toArray());
  }

  /** Applies the changes of a client, as `onChanges` reports them. */
  follow(changes: readonly InstanceChange[], renewed: readonly Instance[]): void {
    const removed = new Map<string, Instance>();
    const added = new Map<string, Instance>();
    const remove = (key: string): void => {
      const known = this.#listed.get(key);
      if (known !== undefined) removed.set(key, known);
      added.delete(key);
    };
    for (const change of changes) {
      const previous =
        change.kind === 'join' ? undefined : change.kind === 'leave' ? change.instance : change.previous;
      if (previous) {
        this.#count(previous, -1);
        remove(previous.key);
      }
      if (change.kind === 'leave') continue;
      this.#count(change.instance, 1);
      if (this.#passes(change.instance)) added.set(change.key, change.instance);
    }
    for (const row of renewed) {
      if (!this.#listed.has(row.key)) continue;
      remove(row.key);
      added.set(row.key, row);
    }
    this.#change([...removed.values()], [...added.values()]);
  }

  /** Removes rows from the list and inserts others; rows of the same computers may change their sections with them. */
  #change(removed: readonly Instance[], added: readonly Instance[]): void {
    const back = added.flatMap(({ key }) => this.#past.get(key) ?? []);
    this.#rows = this.#rows.change([...removed, ...back], []);
    for (const { key } of back) this.#past.delete(key);
    const touched = new Map<string, boolean>();
    for (const row of [...removed, ...added]) {
      const machine = machineKey(row);
      if (machine !== undefined && !touched.has(machine)) touched.set(machine, this.#isAtPeople(row));
    }
    for (const row of removed) this.#leave(row);
    for (const row of added) this.#enter(row);
    for (const row of added) this.#sections.set(row.key, this.#sectionOf(row));
    this.#rows = this.#rows.change([], added);
    for (const [key, wasAtPeople] of touched) {
      const machine = this.#machines.get(key);
      if (machine === undefined || machine.people > 0 === wasAtPeople) continue;
      this.#move([...machine.keys].flatMap((each) => this.#listed.get(each) ?? []));
    }
  }

  /** Moves listed rows to the sections in which they belong now. */
  #move(rows: readonly Instance[]): void {
    const moved = rows.filter((row) => this.#sections.get(row.key) !== this.#sectionOf(row));
    if (moved.length === 0) return;
    this.#rows = this.#rows.change(moved, []);
    for (const row of moved) this.#sections.set(row.key, this.#sectionOf(row));
    this.#rows = this.#rows.change([], moved);
  }

  /** Rows that begin or cease to need attention as time passes: nothing else that decides a section depends on the time. */
  #aged(): readonly Instance[] {
    const { sections } = this.#view;
    if (sections === undefined) return [];
    const aged: Instance[] = [];
    for (const row of this.#listed.values())
      if (this.#needsAttention(row, sections) !== (this.#sections.get(row.key) === 'attention'))
        aged.push(row);
    return aged;
  }

  #needsAttention(row: Instance, { leavesOf }: SectionView): boolean {
    const state = presenceStateOf(row, this.#nowMs);
    return attentionOf(row, { state, nowMs: this.#nowMs, leaves: leavesOf(row.key) }) !== undefined;
  }

  #enter(row: Instance): void {
    this.#listed.set(row.key, row);
    const key = machineKey(row);
    if (key === undefined) return;
    const machine = this.#machines.get(key) ?? { people: 0, keys: new Set() };
    this.#machines.set(key, machine);
    machine.keys.add(row.key);
    if (isOfPeople(row)) machine.people += 1;
  }

  #leave(row: Instance): void {
    this.#listed.delete(row.key);
    this.#sections.delete(row.key);
    const key = machineKey(row);
    const machine = key === undefined ? undefined : this.#machines.get(key);
    if (key === undefined || machine === undefined) return;
    machine.keys.delete(row.key);
    if (isOfPeople(row)) machine.people -= 1;
    if (machine.keys.size === 0) this.#machines.delete(key);
  }

  #isAtPeople(row: Instance): boolean {
    return (this.#machines.get(machineKey(row) ?? '')?.people ?? 0) > 0;
  }

  #sectionOf(row: Instance): string {
    const { sections } = this.#view;
    if (sections === undefined) return '';
    const needsAttention = this.#needsAttention(row, sections);
    return sectionOfRow(row, { needsAttention, isAtPeople: this.#isAtPeople(row) });
  }

  #compare(): (a: Instance, b: Instance) => number {
    const compare = this.#compareInSection();
    if (this.#view.sections === undefined) return compare;
    const placeOf = (row: Instance): string =>
      this.#past.get(row.key) === row ? 'past' : (this.#sections.get(row.key) ?? '');
    return (a, b) => compareSections(placeOf(a), placeOf(b)) || compare(a, b);
  }

  #compareInSection(): (a: Instance, b: Instance) => number {
    const { by, descending } = this.#view.order;
    const nowMs = this.#nowMs;
    if (by !== 'state') return compareRows({ by, descending, collator });
    const byName = compareRows({ by: 'name', descending: false, collator });
    const sign = descending ? -1 : 1;
    const rank = (row: Instance): number => presenceStates.indexOf(presenceStateOf(row, nowMs));
    return (a, b) => (a.self || b.self ? 0 : sign * (rank(a) - rank(b))) || byName(a, b);
  }

  #passes(row: Instance): boolean {
    const { sections, filter } = this.#view;
    if (sections !== undefined && !sections.unfolded && filter === '' && isViewer(row)) return false;
    return this.#query.terms.length === 0 || this.#matches(this.#query, row, this.#nowMs);
  }

  #recount(instances: readonly Instance[]): void {
    this.#counts.clear();
    this.#total = 0;
    this.#viewers = 0;
    for (const row of instances) this.#count(row, 1);
  }

  #count(row: Instance, by: 1 | -1): void {
    const state = presenceStateOf(row, this.#nowMs);
    this.#total += by;
    if (isViewer(row)) this.#viewers += by;
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }
}
