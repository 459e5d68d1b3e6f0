import { type Grant, GrantTable } from './grants.ts';
import type { Row } from './row.ts';

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
  readonly #grants = new GrantTable();

  /** Throws `TypeError` when the id is live already. */
  add(id: string, key: string, role: string, scopes: readonly string[]): LiveConnection {
    if (this.#connections.has(id)) throw new TypeError(`connection ${id} is live already`);
    const connection = { key, grant: this.#grants.take(role, scopes), row: undefined };
    this.#connections.set(id, connection);
    return connection;
  }

  get(id: string | undefined): LiveConnection | undefined {
    return id === undefined ? undefined : this.#connections.get(id);
  }

  /** Takes a connection out and returns it. */
  remove(id: string): LiveConnection | undefined {
    const connection = this.#connections.get(id);
    if (connection === undefined) return undefined;
    this.#connections.delete(id);
    this.#grants.release(connection.grant);
    return connection;
  }
}
