import type { VNode } from 'preact';
import { LanguageChoice } from './language-choice.tsx';
import { useLaterWords, usePage } from './page-context.tsx';
import { themes } from './preferences.ts';

/** Language, appearance, notifications, shortcuts, and signing out. */
export function SettingsPanel(): VNode {
  const { session } = usePage();
  const { t } = useLaterWords();
  return (
    <div class="settings">
      <LanguageChoice />
      <ThemeChoice />
      <NotifyChoice />
      <ShortcutsChoice />
      <button type="button" class="button" onClick={() => session.signOut()}>
        {t.signOut}
      </button>
    </div>
  );
}

function ThemeChoice(): VNode {
  const { preferences } = usePage();
  const { t } = useLaterWords();
  const choose = (word: string): void => {
    preferences.theme.value = themes.find((theme) => theme === word) ?? 'system';
  };
  return (
    <label class="setting">
      <span>{t.theme}</span>
      <select value={preferences.theme.value} onChange={(event) => choose(event.currentTarget.value)}>
        {themes.map((theme) => (
          <option key={theme} value={theme}>
            {t.themes[theme]}
          </option>
        ))}
      </select>
    </label>
  );
}

function NotifyChoice(): VNode {
  const { preferences, desktop, announcer } = usePage();
  const { t } = useLaterWords();
  const choose = async (box: HTMLInputElement): Promise<void> => {
    const allowed = box.checked && (await desktop.allow());
    if (box.checked && !allowed) announcer.say(t.notifyDenied);
    box.checked = allowed;
    preferences.notifyNodes.value = allowed;
  };
  return (
    <label class="setting-switch">
      <input
        type="checkbox"
        checked={preferences.notifyNodes.value}
        onChange={(event) => void choose(event.currentTarget)}
      />
      <span>{t.notifyNodes}</span>
    </label>
  );
}

function ShortcutsChoice(): VNode {
  const { preferences } = usePage();
  const { t } = useLaterWords();
  return (
    <label class="setting-switch">
      <input
        type="checkbox"
        checked={preferences.shortcuts.value}
        onChange={(event) => {
          preferences.shortcuts.value = event.currentTarget.checked;
        }}
      />
      <span>{t.shortcutsOn}</span>
    </label>
  );
}
