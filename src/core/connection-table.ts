import type { Grant } from './grants.ts';
import type { Row } from './row.ts';
import type { SharedValues } from './shared-values.ts';

/** One live connection. */
export interface LiveConnection {
  /** Presence key of its client; after a takeover the key of its row counts. */
  readonly key: string;
  readonly grant: Grant;
  /** Its instance; a connection of a hidden mode has none (PR4). */
  row: Row | undefined;
}

/** The live connections by id. */
export class ConnectionTable {
  readonly #connections = new Map<string, LiveConnection>();
  readonly #shared: SharedValues;

  /** @param shared connections with the same roles and scopes share one grant. */
  constructor(shared: SharedValues) {
    this.#shared = shared;
  }

  /** Throws `TypeError` when the id is live already. */
  add(id: string, key: string, role: string, scopes: readonly string[]): LiveConnection {
    if (this.#connections.has(id)) throw new TypeError(`connection ${id} is live already`);
    const grant = { roles: Object.freeze([role]), scopes: Object.freeze([...new Set(scopes)]) };
    const connection = { key, grant: this.#shared.grant(grant), row: undefined };
    this.#connections.set(id, connection);
    return connection;
  }

  get(id: string | undefined): LiveConnection | undefined {
    return id === undefined ? undefined : this.#connections.get(id);
  }

  /** Takes a connection out and returns it. */
  remove(id: string): LiveConnection | undefined {
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    return connection;
  }
}
