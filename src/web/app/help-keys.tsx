import type { VNode } from 'preact';
import { useWords } from './page-context.tsx';
import { shortcutKeys } from './shortcuts.ts';

/** What each shortcut does. */
export function HelpKeys(): VNode {
  const { t } = useWords();
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
