import { effect, type Signal, signal } from '@preact/signals';

/** Small texts that a browser stores for this page. Losing them is harmless, so failures are ignored. */
export interface KeyValues {
  get(key: string): string | undefined;
  /** Stores `value`; undefined removes it. */
  set(key: string, value: string | undefined): void;
}

/** Stores texts under `rollcall.page.`. `open` returns the storage, or throws where a browser blocks it. */
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

/** Colour scheme of the page. */
export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Height of a row. */
export type Density = 'compact' | 'comfortable';
export const densities: readonly Density[] = ['compact', 'comfortable'];

/** A saved view; its query is that of the address. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}

/** Preferences, stored by the browser. */
export interface Preferences {
  readonly theme: Signal<Theme>;
  readonly density: Signal<Density>;
  /** Hidden columns, by name. */
  readonly hiddenColumns: Signal<readonly string[]>;
  readonly savedViews: Signal<readonly SavedView[]>;
  /** Shortcuts of a single key can be turned off: they disturb speech input (WCAG 2.1.4). */
  readonly shortcuts: Signal<boolean>;
  readonly notifyNodes: Signal<boolean>;
  readonly notifyNotices: Signal<boolean>;
  close(): void;
}

/** Most views that are stored. */
const mostViews = 50;

/** Reads the preferences, and stores every change. */
export function createPreferences(kept: KeyValues): Preferences {
  const theme = signal(themes.find((word) => word === kept.get('theme')) ?? 'system');
  const density = signal(densities.find((word) => word === kept.get('density')) ?? 'compact');
  const hiddenColumns = signal<readonly string[]>(kept.get('hidden')?.split(' ').filter(Boolean) ?? []);
  const savedViews = signal(readViews(kept.get('views')));
  const shortcuts = signal(kept.get('shortcuts') !== 'off');
  const notifyNodes = signal(kept.get('notify') === 'on');
  const notifyNotices = signal(kept.get('notifyNotices') === 'on');
  const close = effect(() => {
    kept.set('theme', theme.value === 'system' ? undefined : theme.value);
    kept.set('density', density.value === 'compact' ? undefined : density.value);
    kept.set('hidden', hiddenColumns.value.join(' ') || undefined);
    kept.set('views', savedViews.value.length === 0 ? undefined : JSON.stringify(savedViews.value));
    kept.set('shortcuts', shortcuts.value ? undefined : 'off');
    kept.set('notify', notifyNodes.value ? 'on' : undefined);
    kept.set('notifyNotices', notifyNotices.value ? 'on' : undefined);
  });
  return { theme, density, hiddenColumns, savedViews, shortcuts, notifyNodes, notifyNotices, close };
}

/** Anything else in the stored text is left out. */
function readViews(text = '[]'): readonly SavedView[] {
  try {
    const views = JSON.parse(text) as Partial<SavedView>[];
    return views
      .slice(0, mostViews)
      .flatMap(({ name, query }) => (name && query !== undefined ? { name, query } : []));
  } catch {
    return [];
  }
}
