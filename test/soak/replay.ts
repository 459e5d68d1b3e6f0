/** One row as `presence.list` and `presence.delta` show it. */
export interface Row {
  readonly key: string;
  readonly self?: boolean;
  readonly host?: string;
  readonly mode?: string;
  readonly reason?: string;
  readonly connections: number;
}

interface Delta {
  readonly from: number;
  readonly to: number;
  readonly upsert: readonly Row[];
  readonly remove: readonly string[];
}

/** The roster as the deltas tell it, applied one by one from the first (PE3). */
export class Replay {
  readonly rows: Map<string, Row> = new Map();
  version = 0;
  /** A delta began after what was known. */
  gaps = 0;

  apply(payload: unknown): void {
    const { from, to, upsert, remove } = payload as Delta;
    if (from === 0) this.rows.clear();
    else if (from > this.version) this.gaps += 1;
    for (const key of remove) this.rows.delete(key);
    for (const row of upsert) this.rows.set(row.key, row);
    this.version = to;
  }
}
