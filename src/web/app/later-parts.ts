import type { ComponentType } from 'preact';
import type { Language } from '../i18n/language.ts';

/** Loads a component. */
export type LoadPart<Props = object> = () => Promise<ComponentType<Props>>;

/** Parts of the page that are not needed to see the list; each is loaded when it is. */
export const laterParts: {
  readonly detail: LoadPart<{ readonly onClose: () => void }>;
  readonly signIn: LoadPart;
  readonly noPermission: LoadPart;
  readonly settings: LoadPart;
  readonly exportItems: LoadPart<{ readonly onDone: () => void }>;
  readonly firstClient: LoadPart;
  readonly hints: LoadPart;
  readonly help: LoadPart;
} = {
  detail: () => import('../detail/detail-panel.tsx').then((part) => part.DetailPanel),
  signIn: () => import('../signin/sign-in.tsx').then((part) => part.SignIn),
  noPermission: () => import('../signin/no-permission.tsx').then((part) => part.NoPermission),
  settings: () => import('./settings-panel.tsx').then((part) => part.SettingsPanel),
  exportItems: () => import('../export/export-items.tsx').then((part) => part.ExportItems),
  firstClient: () => import('../list/first-client.tsx').then((part) => part.FirstClient),
  hints: () => import('./roster-hints.tsx').then((part) => part.RosterHints),
  help: () => import('./help-keys.tsx').then((part) => part.HelpKeys),
};

/** Loads what is most likely wanted next, so that it opens at once. */
export function loadLaterParts(language: Pick<Language, 'loadLater'>): void {
  const { detail, exportItems, settings, help } = laterParts;
  for (const load of [language.loadLater, detail, exportItems, settings, help]) void load();
}
