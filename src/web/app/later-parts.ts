import type { ComponentType } from 'preact';
import type { Instance } from '../../client/index.ts';
import type { Duplicate } from '../../core/index.ts';

/** Parts of the page that are not needed to see the list; each is loaded when it is. */
export const laterParts = {
  detail: async (): Promise<ComponentType<{ readonly onClose: () => void }>> =>
    (await import('../detail/detail-panel.tsx')).DetailPanel,
  signIn: async (): Promise<ComponentType> => (await import('../signin/sign-in.tsx')).SignIn,
  noPermission: async (): Promise<ComponentType> =>
    (await import('../signin/no-permission.tsx')).NoPermission,
  settings: async (): Promise<ComponentType> => (await import('./settings-panel.tsx')).SettingsPanel,
  exportItems: async (): Promise<ComponentType<{ readonly onDone: () => void }>> =>
    (await import('../export/export-items.tsx')).ExportItems,
  firstClient: async (): Promise<ComponentType> => (await import('../list/first-client.tsx')).FirstClient,
  duplicates: async (): Promise<
    ComponentType<{ readonly found: readonly Duplicate<Instance>[]; readonly onDone: () => void }>
  > => (await import('./duplicate-list.tsx')).DuplicateList,
  help: async (): Promise<ComponentType> => (await import('./help-keys.tsx')).HelpKeys,
} as const;

/** Loads those parts while the browser has nothing better to do, so that they open at once. */
export function loadLaterParts(): void {
  for (const part of [laterParts.detail, laterParts.exportItems, laterParts.settings, laterParts.help])
    void part();
}
