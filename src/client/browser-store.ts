import type { KeyValueStore } from './store.ts';

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
