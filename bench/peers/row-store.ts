/** A presence row as the peers keep it: whatever facts the client sent, and when. */
export interface Row {
  readonly instanceId: string;
  readonly ts: number;
  readonly [fact: string]: unknown;
}

/** Facts of a client, before the server stamps them. */
export interface RowFacts {
  readonly instanceId: string;
  readonly [fact: string]: unknown;
}

/** The roster of a peer: the least that a correct presence server needs. */
export class RowStore {
  /** +1 with every change. */
  version = 0;
  readonly #rows = new Map<string, Row>();
  #cachedRows = '';
  #cachedVersion = -1;

  /** Merges facts into their row, newest last, and returns the new row. */
  put(facts: RowFacts): Row {
    const row: Row = { ...this.#rows.get(facts.instanceId), ...facts, ts: Date.now() };
    this.#rows.delete(facts.instanceId);
    this.#rows.set(facts.instanceId, row);
    this.version++;
    return row;
  }

  /** Removes a row; false when there was none. */
  remove(instanceId: string): boolean {
    const had = this.#rows.delete(instanceId);
    if (had) this.version++;
    return had;
  }

  rows(): Row[] {
    return [...this.#rows.values()];
  }

  /** The whole list as JSON, serialized at most once per version. */
  rowsJson(): string {
    if (this.#cachedVersion !== this.version) {
      this.#cachedRows = JSON.stringify(this.rows());
      this.#cachedVersion = this.version;
    }
    return this.#cachedRows;
  }
}
