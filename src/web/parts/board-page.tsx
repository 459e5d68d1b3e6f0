import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Board } from '../state/board.ts';
import type { Page } from '../state/page.ts';
import { type Command, commandOf } from '../state/shortcuts.ts';
import { useBoard, usePage, useWords } from './context.tsx';
import type { DialogName } from './dialogs.ts';
import { Lazy, lazyParts, loadLazyParts } from './lazy.tsx';
import { ListArea } from './list/list-area.tsx';
import { ListNotes } from './list/list-notes.tsx';
import { Summary } from './summary.tsx';
import { TopBar } from './top-bar.tsx';

/** The Instances page after signing in. */
export function BoardPage(): VNode {
  const page = usePage();
  const board = useBoard();
  const { t } = useWords();
  const search = useRef<HTMLInputElement>(null);
  const [dialog, setDialog] = useState<DialogName>();
  const { address } = page;
  const { instance, timeline, atMs } = address.view.value;
  const isCovered = instance !== undefined || timeline;
  const press = (command: Command): void => {
    if (command === 'filter') search.current?.focus();
    // The next key acts on the view that this one opened.
    else if (command === 'next') moveOn(1, page, board);
    else if (command === 'previous') moveOn(-1, page, board);
    else withCommands((part) => part.carryOut(command, { page, board, search: search.current, setDialog }));
  };
  useCommands(press, page.preferences.shortcuts.value);
  useEffect(() => whenIdle(loadLazyParts), []);
  const closeDetail = (): void => {
    const key = address.view.peek().instance;
    address.update({ instance: undefined });
    if (key !== undefined) board.focus.to(key);
  };
  const isLost = board.watch.connection.value.phase === 'reconnecting';
  const classes = ['board', page.preferences.density.value, isCovered && 'with-panel', isLost && 'not-live'];
  return (
    <div class={classes.filter(Boolean).join(' ')}>
      <button type="button" class="skip-link" onClick={() => board.focus.move(0)}>
        {t.skipToList}
      </button>
      <TopBar search={search} onDialog={setDialog} />
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
      {dialog !== undefined && (
        <Lazy
          key={dialog}
          load={lazyParts[dialog]}
          with={{ onClose: () => setDialog(undefined), onDialog: setDialog }}
        />
      )}
    </div>
  );
}

type Commands = typeof import('./commands.ts');
let commands: Commands | undefined;

/** Synchronous once the code is loaded: the next key must find the effect of this one. */
function withCommands(work: (part: Commands) => void): void {
  if (commands !== undefined) return work(commands);
  void import('./commands.ts').then((part) => {
    commands = part;
    work(part);
  });
}

/** Moves the focus by a number of lines; open details follow. */
function moveOn(by: number, { address }: Page, { focus, client }: Board): void {
  focus.move(by);
  const instance = focus.key.peek();
  if (address.view.peek().instance && instance && client.get(instance)) address.update({ instance });
}

/** Carries out commands of the keyboard, wherever the focus is. Keys that something else has handled do not count. */
function useCommands(carryOut: (command: Command) => void, letters: boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const command = commandOf(event, { typing: isTyping(event.target), letters });
      if (command === undefined || command === 'open') return;
      event.preventDefault();
      carryOut(command);
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
