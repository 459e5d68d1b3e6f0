import type { VNode } from 'preact';
import { presenceStates } from '../../viewer/index.ts';
import { shortcutKeys } from '../state/shortcuts.ts';
import { useAllWords } from './context.tsx';
import { Dialog } from './forms.tsx';
import { StateMark } from './marks.tsx';

/** The key of the palette, as it is printed on keyboards. */
const paletteKey = 'Ctrl K';

/** What the shapes mean, and what each shortcut does. */
export function Help({ onClose }: { readonly onClose: () => void }): VNode {
  const { t } = useAllWords();
  return (
    <Dialog title={t.help} class="help" onClose={onClose}>
      <h3>{t.legend}</h3>
      <dl class="legend">
        {presenceStates.map((state) => (
          <div key={state}>
            <dt>
              <StateMark state={state} />
              {t.states[state]}
            </dt>
            <dd class="muted">{t.stateMeanings[state]}</dd>
          </div>
        ))}
      </dl>
      <h3>{t.shortcutsOn}</h3>
      <dl class="help-keys">
        <div>
          <dt>
            <kbd>{paletteKey}</kbd>
          </dt>
          <dd>{t.shortcuts.palette}</dd>
        </div>
        {shortcutKeys.map(([key, command]) => (
          <div key={key}>
            <dt>
              <kbd>{key === 'Escape' ? 'Esc' : key}</kbd>
            </dt>
            <dd>{t.shortcuts[command]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
