import { effect, type Signal, signal } from '@preact/signals';
import type { KeyValues } from './key-values.ts';

/** How bright the page is. */
export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** What a person has set, kept by the browser. */
export interface Preferences {
  readonly theme: Signal<Theme>;
  /** Shortcuts of a single key can be turned off: they disturb speech input (WCAG 2.1.4). */
  readonly shortcuts: Signal<boolean>;
  readonly notifyNodes: Signal<boolean>;
  close(): void;
}

/** Reads the preferences, and keeps every change. */
export function createPreferences(kept: KeyValues): Preferences {
  const theme = signal(themes.find((word) => word === kept.get('theme')) ?? 'system');
  const shortcuts = signal(kept.get('shortcuts') !== 'off');
  const notifyNodes = signal(kept.get('notify') === 'on');
  const close = effect(() => {
    kept.set('theme', theme.value === 'system' ? undefined : theme.value);
    kept.set('shortcuts', shortcuts.value ? undefined : 'off');
    kept.set('notify', notifyNodes.value ? 'on' : undefined);
  });
  return { theme, shortcuts, notifyNodes, close };
}
