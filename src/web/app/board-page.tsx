import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { nextSortKey } from '../../viewer/index.ts';
import { FilterBar } from '../filters/filter-bar.tsx';
import { ListArea } from '../list/list-area.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { Later } from './later.tsx';
import { laterParts, loadLaterParts } from './later-parts.ts';
import { useBoard, usePage, useWords } from './page-context.tsx';
import { PageHeader } from './page-header.tsx';
import { refresh } from './refresh.ts';
import { StatusStrip } from './status-strip.tsx';
import { useCommands } from './use-commands.ts';
import { noFilter } from './view-state.ts';

/** The Instances page of somebody who is signed in. */
export function BoardPage(): VNode {
  const page = usePage();
  const board = useBoard();
  const { t } = useWords();
  const filter = useRef<HTMLInputElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const { address } = page;
  const isDetailOpen = address.view.value.instance !== undefined;

  const go = (by: number): void => {
    board.focus.move(by);
    if (address.view.peek().instance !== undefined)
      address.update({ instance: lineKey(board.focus.key.peek()) });
  };
  const closeDetail = (): void => {
    const key = address.view.peek().instance;
    address.update({ instance: undefined });
    if (key !== undefined) board.focus.to(key);
  };
  const stepBack = (): void => {
    const isFiltering = document.activeElement === filter.current;
    if (isFiltering && address.view.peek().filter.text !== '') {
      address.update({ filter: { ...address.view.peek().filter, text: '' } });
    } else if (isFiltering) board.focus.move(0);
    else if (address.view.peek().instance !== undefined) closeDetail();
    else if (address.view.peek().filter !== noFilter) address.update({ filter: noFilter });
  };
  const sort = (): void => {
    const next = nextSortKey(address.view.peek().sort);
    address.update({ sort: next, descending: false });
    page.announcer.say(`${t.sortBy}: ${t.sorts[next]}`);
  };
  const { watch } = board;
  useEffect(() => whenIdle(() => loadLaterParts(page.language)), []);
  useCommands(
    {
      filter: () => filter.current?.focus(),
      next: () => go(1),
      previous: () => go(-1),
      sort,
      refresh: () => void refresh(page, board),
      pause: () => (watch.paused.peek() ? watch.resume() : watch.pause()),
      help: () => help.current?.showModal(),
      escape: stepBack,
    },
    page.preferences.shortcuts.value,
  );

  return (
    <div class={`board${isDetailOpen ? ' with-detail' : ''}`}>
      <button type="button" class="skip-link" onClick={() => board.focus.move(0)}>
        {t.skipToList}
      </button>
      <PageHeader onHelp={() => help.current?.showModal()} />
      <main class="board-main">
        <div class="board-list">
          <FilterBar input={filter} />
          <StatusStrip />
          <ListArea />
        </div>
        {isDetailOpen && <Later load={laterParts.detail} with={{ onClose: closeDetail }} />}
      </main>
      <HelpDialog dialog={help} />
    </div>
  );
}

/** Keys of groups are no keys of instances. */
function lineKey(key: string | undefined): string | undefined {
  return key?.startsWith('device ') ? undefined : key;
}

/** Safari has no `requestIdleCallback`. */
function whenIdle(work: () => void): void {
  if (window.requestIdleCallback === undefined) setTimeout(work, 1_000);
  else window.requestIdleCallback(work, { timeout: 5_000 });
}
