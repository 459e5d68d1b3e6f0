/** Small texts that a browser keeps for this page. Losing them is harmless, so failures are silent. */
export interface KeyValues {
  get(key: string): string | undefined;
  /** Keeps `value`; undefined forgets. */
  set(key: string, value: string | undefined): void;
}

/** Keeps texts under `rollcall.page.`. `open` gets the storage, which throws where a browser blocks it. */
export function storedValues(open: () => Storage): KeyValues {
  const attempt = <T>(work: (storage: Storage) => T): T | undefined => {
    try {
      return work(open());
    } catch {
      return undefined;
    }
  };
  const name = (key: string): string => `rollcall.page.${key}`;
  return {
    get: (key) => attempt((storage) => storage.getItem(name(key))) ?? undefined,
    set(key, value) {
      attempt((storage) =>
        value === undefined ? storage.removeItem(name(key)) : storage.setItem(name(key), value),
      );
    },
  };
}
