import type { Facts } from './facts.ts';
import { presenceKey } from './text-form.ts';

/** What {@link DeviceIndex} reads and notes of a row. */
export interface DeviceRow<R> {
  readonly facts: Facts;
  readonly connections: number;
  /** Its place among the rows of its device. */
  ofDevice: IndexNode<R> | undefined;
  /** Its place among those rows of its device and mode that have no live connection. */
  disconnected: IndexNode<R> | undefined;
}

/** Finds rows by device id, freshest first, in O(1) (PK4, PK8). */
export class DeviceIndex<R extends DeviceRow<R>> {
  readonly #ofDevice = new RecencyIndex<R>();
  /** Rows without a live connection, by device and mode: what a new connection of the device may take over (PK8). */
  readonly #disconnected = new RecencyIndex<R>();

  /** The freshest row that carries this device id (PK4). */
  freshest(deviceId: string | undefined): R | undefined {
    const device = presenceKey(deviceId);
    return device === undefined ? undefined : this.#ofDevice.newest(device);
  }

  /** The freshest row of this device and mode that has no live connection (PK8). */
  newestDisconnected(deviceId: string | undefined, mode: string | undefined): R | undefined {
    const device = presenceKey(deviceId);
    return device === undefined ? undefined : this.#disconnected.newest(modeKey(device, mode));
  }

  /** Puts a row at the newest place of its device; to be called whenever the row was updated or renewed. */
  place(row: R): void {
    const { deviceId, mode } = row.facts;
    const device = presenceKey(deviceId);
    const left = device === undefined || row.connections > 0 ? undefined : modeKey(device, mode);
    row.ofDevice = this.#ofDevice.place(row.ofDevice, device, row);
    row.disconnected = this.#disconnected.place(row.disconnected, left, row);
  }

  /** Takes a row out; harmless when it is not there. */
  remove(row: R): void {
    row.ofDevice = this.#ofDevice.place(row.ofDevice, undefined, row);
    row.disconnected = this.#disconnected.place(row.disconnected, undefined, row);
  }
}

/** What clients state has no control characters (PF2), so that every pair has a key of its own. */
function modeKey(device: string, mode: string | undefined): string {
  return `${presenceKey(mode) ?? ''}\n${device}`;
}

/** One place in a {@link RecencyIndex}: it holds a value, and is all that the index needs of it. */
export class IndexNode<T> {
  readonly key: string;
  readonly value: T;
  /** The next of the same key; next to the oldest is the newest again. */
  older: IndexNode<T> = this;
  newer: IndexNode<T> = this;

  constructor(key: string, value: T) {
    this.key = key;
    this.value = value;
  }
}

/**
 * Values by a key that several of them may have, the newest first; every operation costs O(1).
 *
 * The values of a key are a ring, so that a key with one value, as nearly every key has, takes one node and nothing else.
 */
export class RecencyIndex<T> {
  readonly #newest = new Map<string, IndexNode<T>>();

  /** The newest value of a key. */
  newest(key: string): T | undefined {
    return this.#newest.get(key)?.value;
  }

  /**
   * Makes a value the newest of a key, or takes it out.
   *
   * @param node where it was, if anywhere.
   * @param key `undefined` takes it out.
   * @returns where it is now.
   */
  place(node: IndexNode<T> | undefined, key: string | undefined, value: T): IndexNode<T> | undefined {
    if (node !== undefined && node.key === key) {
      this.#renew(node);
      return node;
    }
    if (node !== undefined) this.#unlink(node);
    if (key === undefined) return undefined;
    const added = new IndexNode(key, value);
    this.#link(added);
    return added;
  }

  #renew(node: IndexNode<T>): void {
    if (this.#newest.get(node.key) === node) return;
    this.#unlink(node);
    this.#link(node);
  }

  /** Makes a node that is in no ring the newest of its key. */
  #link(node: IndexNode<T>): void {
    const older = this.#newest.get(node.key) ?? node;
    const { newer } = older;
    older.newer = node;
    newer.older = node;
    node.older = older;
    node.newer = newer;
    this.#newest.set(node.key, node);
  }

  #unlink(node: IndexNode<T>): void {
    const { key, older, newer } = node;
    if (older === node) this.#newest.delete(key);
    else if (this.#newest.get(key) === node) this.#newest.set(key, older);
    older.newer = newer;
    newer.older = older;
  }
}
