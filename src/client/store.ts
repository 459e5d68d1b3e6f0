/**
 * Where a client keeps what must survive its restart: its instanceId and, if it wants one, its device key.
 *
 * Both methods may be synchronous. `get` answers undefined for what was never set. A store that cannot keep anything
 * (private windows, read-only disks) may throw: the client then goes on with a value for this run only.
 */
export interface KeyValueStore {
  get(key: string): string | undefined | Promise<string | undefined>;
  set(key: string, value: string): void | Promise<void>;
}

/** Keeps values for the life of the page or process. */
export function memoryStore(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
  };
}

/**
 * Keeps values in `localStorage`, under `prefix` (`rollcall.` by default). Shared by all pages of the origin: give each
 * page of its own a prefix of its own. Two tabs of one page are one instance.
 */
export function localStorageStore(prefix = 'rollcall.'): KeyValueStore {
  return {
    get: (key) => localStorage.getItem(prefix + key) ?? undefined,
    set: (key, value) => localStorage.setItem(prefix + key, value),
  };
}
