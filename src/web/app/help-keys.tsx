import type { VNode } from 'preact';
import { useLaterWords } from './page-context.tsx';
import { shortcutKeys } from './shortcuts.ts';

/** What each shortcut does. */
export function HelpKeys(): VNode {
  const { t } = useLaterWords();
  return (
    <dl class="help-keys">
      {shortcutKeys.map(([key, command]) => (
        <div key={key}>
          <dt>
            <kbd>{key === 'Escape' ? 'Esc' : key}</kbd>
          </dt>
          <dd>{t.shortcuts[command]}</dd>
        </div>
      ))}
    </dl>
  );
}
