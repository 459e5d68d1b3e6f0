import type { InstanceChange, PresenceClient, RosterSnapshot } from '../client/index.ts';
import { compareInstances, type Instance } from '../client/instance.ts';
import { SortedList } from '../client/sorted-list.ts';

/** Which rows, and what of each. */
export interface RowQuery {
  readonly filter?: ((instance: Instance) => boolean) | undefined;
  readonly select?: ((instance: Instance) => unknown) | undefined;
}

/**
 * Some rows of a client's roster, kept up to date by its changes: a change of a row that is not selected costs one call of
 * `filter`, however many rows there are.
 */
export class RowSelection {
  readonly #client: PresenceClient;
  readonly #query: RowQuery;
  readonly #shown: () => readonly unknown[] | undefined;
  #kept: SortedList<Instance> = SortedList.of(compareInstances);
  /** `#kept` is true for `#roster`, and for every later one while changes are followed. */
  #isRead = false;
  #isFollowing = false;
  #roster: RosterSnapshot | undefined;
  /** Made of `#kept` when it is first needed. */
  #items: readonly unknown[] | undefined;

  /** `shown`: the items that were given out last; they are given out again as long as they are the same. */
  constructor(client: PresenceClient, query: RowQuery, shown: () => readonly unknown[] | undefined) {
    this.#client = client;
    this.#query = query;
    this.#shown = shown;
  }

  /** Calls `onChange` when a selected row changed; for `useSyncExternalStore`. */
  readonly subscribe = (onChange: () => void): (() => void) => {
    const stop = this.#client.onChanges((changes, renewed) => {
      if (this.#follow(changes, renewed)) onChange();
    });
    this.#isRead &&= this.#roster === this.#client.roster;
    this.#isFollowing = true;
    return () => {
      stop();
      this.#isFollowing = false;
      this.#roster = this.#client.roster;
    };
  };

  /** The selected items, the same array as long as all of them are the same. */
  readonly items = (): readonly unknown[] => {
    if (!this.#isRead || (!this.#isFollowing && this.#roster !== this.#client.roster)) this.#readAll();
    if (this.#items === undefined) {
      const { select } = this.#query;
      const items = select ? this.#kept.toArray().map((row) => select(row)) : this.#kept.toArray();
      const shown = this.#shown();
      this.#items = shown && sameItems(shown, items) ? shown : items;
    }
    return this.#items;
  };

  #readAll(): void {
    const { filter } = this.#query;
    const { roster } = this.#client;
    const rows = filter ? roster.instances.filter((row) => filter(row)) : roster.instances;
    this.#kept = SortedList.of(compareInstances, rows);
    this.#roster = roster;
    this.#items = undefined;
    this.#isRead = true;
  }

  /** Whether a selected row changed. A filter that throws makes all rows be read again. */
  #follow(changes: readonly InstanceChange[], renewed: readonly Instance[]): boolean {
    if (!this.#isRead) return true;
    this.#isRead = false;
    const { filter } = this.#query;
    const removed: Instance[] = [];
    const added = new Map<string, Instance>();
    const replace = (previous: Instance | undefined, instance: Instance | undefined): void => {
      if (previous && !added.delete(previous.key) && this.#kept.find(previous)) removed.push(previous);
      if (instance && (!filter || filter(instance))) added.set(instance.key, instance);
    };
    for (const change of changes) replace(...rowsOf(change));
    for (const row of renewed) replace(this.#keptSelf(row.key), row);
    this.#isRead = true;
    if (removed.length + added.size === 0) return false;
    this.#kept = this.#kept.change(removed, [...added.values()]);
    this.#items = undefined;
    return true;
  }

  /** The gateways' own rows are first. */
  #keptSelf(key: string): Instance | undefined {
    for (const row of this.#kept) {
      if (!row.self) return undefined;
      if (row.key === key) return row;
    }
    return undefined;
  }
}

function rowsOf(change: InstanceChange): [previous: Instance | undefined, instance: Instance | undefined] {
  if (change.kind === 'leave') return [change.instance, undefined];
  return [change.kind === 'update' ? change.previous : undefined, change.instance];
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => Object.is(item, b[index]));
}
