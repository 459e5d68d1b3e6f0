import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isLanguageCode, languageCodes, languages } from '../i18n/languages.ts';
import { desktopOf } from '../state/desktop.ts';
import { downloadText, instancesCsv, instancesJson } from '../state/instance-table.ts';
import { createOperations } from '../state/operations.ts';
import { themes } from '../state/storage.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import type { WithDialogs } from './dialogs.ts';
import { Choice, Switch } from './forms.tsx';

/** What can be done with the page as a whole, and its settings. */
export function MoreMenu(props: WithDialogs): VNode {
  const { session, address, preferences } = usePage();
  const { client, list, memory, notices, nowMs } = useBoard();
  const hasNotices = notices.value?.list.value !== undefined;
  const { t } = useAllWords();
  const save = (kind: 'csv' | 'json', type: string, write: typeof instancesCsv): void => {
    const now = nowMs.peek();
    const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    downloadText({
      name: `instances-${stamp}.${kind}`,
      type,
      text: write(list.selected.peek(), now),
    });
    props.onClose();
  };
  // Ten minutes, or as far as the journal goes.
  const goBack = (): void => {
    const sinceMs = memory.peek()?.history.sinceMs.peek() ?? 0;
    address.update({ atMs: Math.ceil(Math.max(sinceMs, nowMs.peek() - 600_000)) });
  };
  const then = (work: () => void) => (): void => {
    work();
    props.onClose();
  };
  return (
    <div class="settings">
      <div class="menu-items">
        <Item
          text={t.timeline}
          onPress={then(() => address.update({ timeline: true, instance: undefined }))}
        />
        {createOperations(client).may('presence.journal') && <Item text={t.travel} onPress={then(goBack)} />}
        <Item text={t.exportCsv} onPress={() => save('csv', 'text/csv', instancesCsv)} />
        <Item text={t.exportJson} onPress={() => save('json', 'application/json', instancesJson)} />
        <Item text={t.phone} onPress={then(() => props.onDialog('phone'))} />
        <Item text={t.help} onPress={then(() => props.onDialog('help'))} />
      </div>
      <LanguageChoice />
      <Choice
        label={t.theme}
        value={preferences.theme.value}
        words={themes}
        text={(word) => t.themes[word]}
        onChoose={(word) => {
          preferences.theme.value = word;
        }}
      />
      <NotifyChoice wanted={preferences.notifyNodes}>{t.notifyNodes}</NotifyChoice>
      {hasNotices && <NotifyChoice wanted={preferences.notifyNotices}>{t.notifyNotices}</NotifyChoice>}
      <Switch
        checked={preferences.shortcuts.value}
        onSwitch={({ checked }) => {
          preferences.shortcuts.value = checked;
        }}
      >
        {t.shortcutsOn}
      </Switch>
      <button type="button" class="button" onClick={() => session.signOut()}>
        {t.signOut}
      </button>
    </div>
  );
}

function Item(props: { readonly text: string; readonly onPress: () => void }): VNode {
  return (
    <button type="button" class="button plain" onClick={props.onPress}>
      {props.text}
    </button>
  );
}

/** That the browser denies notifications is shown at the switch, not only announced to screen readers. */
function NotifyChoice(props: { readonly wanted: Signal<boolean>; readonly children: string }): VNode {
  const { t } = useAllWords();
  const [isDenied, setDenied] = useState(false);
  const { wanted, children } = props;
  const choose = async (box: HTMLInputElement): Promise<void> => {
    const isWanted = box.checked;
    const allowed = isWanted && (await desktopOf(window).allow());
    setDenied(isWanted && !allowed);
    box.checked = allowed;
    wanted.value = allowed;
  };
  return (
    <div>
      <Switch checked={wanted.value} onSwitch={(box) => void choose(box)}>
        {children}
      </Switch>
      {isDenied && (
        <p class="problem" role="alert">
          {t.notifyDenied}
        </p>
      )}
    </div>
  );
}

/** Switches the language; every name is in its own language. */
export function LanguageChoice(): VNode {
  const page = usePage();
  const { t } = useAllWords();
  return (
    <Choice
      label={t.language}
      value={page.language.code.value}
      words={languageCodes}
      text={(code) => languages[code].name}
      langOf={(code) => code}
      onChoose={(code) => isLanguageCode(code) && page.useLanguage(code)}
    />
  );
}
