import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { nextSortKey } from '../../viewer/index.ts';
import type { Words } from '../i18n/words.ts';
import { refresh } from '../state/board.ts';
import { type Command, commandOf } from '../state/shortcuts.ts';
import { isNoFilter, noFilter } from '../state/view-state.ts';
import { useBoard, usePage, useWords } from './context.tsx';
import { Lazy, lazyParts, loadLazyParts } from './lazy.tsx';
import { ListArea } from './list/list-area.tsx';
import { ListNotes } from './list/list-notes.tsx';
import { Summary } from './summary.tsx';
import { TopBar } from './top-bar.tsx';

/** The Instances page of somebody who is signed in. */
export function BoardPage(): VNode {
  const page = usePage();
  const board = useBoard();
  const { t } = useWords();
  const search = useRef<HTMLInputElement>(null);
  const [dialog, setDialog] = useState<'help' | 'palette'>();
  const { address } = page;
  const { instance, timeline, atMs } = address.view.value;
  const isCovered = instance !== undefined || timeline;
  useCommands(useBoardCommands(search, setDialog), page.preferences.shortcuts.value);
  useEffect(() => whenIdle(loadLazyParts), []);
  const closeDetail = (): void => {
    const key = address.view.peek().instance;
    address.update({ instance: undefined });
    if (key !== undefined) board.focus.to(key);
  };
  const isLost = board.watch.connection.value.phase === 'reconnecting';
  const classes = ['board', page.preferences.density.value, isCovered && 'with-panel', isLost && 'not-live'];
  const openHelp = (): void => setDialog('help');
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <button type="button" class="skip-link" onClick={() => board.focus.move(0)}>
        {t.skipToList}
      </button>
      <TopBar search={search} onHelp={openHelp} />
      <main class="board-main">
        <Summary />
        {atMs === undefined && board.memory.value?.sinceVisit.net.value && (
          <Lazy load={lazyParts.since} with={{}} />
        )}
        <ListNotes />
        <ListArea />
      </main>
      {instance !== undefined && (
        <Lazy key="detail" load={lazyParts.detail} with={{ onClose: closeDetail }} />
      )}
      {instance === undefined && timeline && (
        <Lazy
          key="timeline"
          load={lazyParts.timeline}
          with={{ onClose: () => address.update({ timeline: undefined }) }}
        />
      )}
      {dialog === 'help' && (
        <Lazy key="help" load={lazyParts.help} with={{ onClose: () => setDialog(undefined) }} />
      )}
      {dialog === 'palette' && (
        <Lazy
          key="palette"
          load={lazyParts.palette}
          with={{ onClose: () => setDialog(undefined), onHelp: openHelp }}
        />
      )}
    </div>
  );
}

/** What the keys do on this page. */
function useBoardCommands(
  search: { readonly current: HTMLInputElement | null },
  setDialog: (dialog: 'help' | 'palette') => void,
): Readonly<Record<Exclude<Command, 'open'>, () => void>> {
  const { address, announcer, language } = usePage();
  const board = useBoard();
  const { watch, focus } = board;
  const say = (text: (t: Words) => string): void => {
    language.loadAll().then(
      (t) => announcer.announce(text(t)),
      () => {},
    );
  };
  const go = (by: number): void => {
    focus.move(by);
    const key = focus.key.peek();
    const isInstance = key !== undefined && board.client.get(key) !== undefined;
    if (address.view.peek().instance !== undefined && isInstance) address.update({ instance: key });
  };
  const stepBack = (): void => {
    const { filter, instance, timeline } = address.view.peek();
    const isSearching = document.activeElement === search.current;
    if (isSearching && filter.text !== '') address.update({ filter: { ...filter, text: '' } });
    else if (isSearching) focus.move(0);
    else if (instance !== undefined) {
      address.update({ instance: undefined });
      focus.to(instance);
    } else if (timeline) address.update({ timeline: undefined });
    else if (!isNoFilter(filter)) address.update({ filter: noFilter });
  };
  return {
    filter: () => search.current?.focus(),
    next: () => go(1),
    previous: () => go(-1),
    sort() {
      const next = nextSortKey(address.view.peek().sort);
      address.update({ sort: next, descending: false });
      say((t) => `${t.sortBy}: ${t.sorts[next]}`);
    },
    refresh() {
      void refresh(board).then((atMs) => {
        if (atMs !== undefined) say((t) => t.upToDate(language.formats.peek().timeOfDay(atMs)));
      });
    },
    pause: () => (watch.paused.peek() ? watch.resume() : watch.pause()),
    timeline: () => address.update({ timeline: address.view.peek().timeline ? undefined : true }),
    palette: () => setDialog('palette'),
    help: () => setDialog('help'),
    escape: stepBack,
  };
}

/** Carries out commands of the keyboard, wherever the focus is. Keys that something else has handled do not count. */
function useCommands(commands: Partial<Readonly<Record<Command, () => void>>>, letters: boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const command = commandOf(event, { typing: isTyping(event.target), letters });
      const carryOut = command && commands[command];
      if (carryOut === undefined) return;
      event.preventDefault();
      carryOut();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])');
}

/** Safari has no `requestIdleCallback`. */
function whenIdle(work: () => void): void {
  if (window.requestIdleCallback === undefined) setTimeout(work, 1_000);
  else window.requestIdleCallback(work, { timeout: 5_000 });
}
