import { nextSortKey } from '../../viewer/index.ts';
import type { Words } from '../i18n/words.ts';
import { type Board, refresh } from '../state/board.ts';
import type { Page } from '../state/page.ts';
import type { Command } from '../state/shortcuts.ts';
import { isNoFilter, noFilter } from '../state/view-state.ts';

/** What commands act on. */
export interface CommandTarget {
  readonly page: Page;
  readonly board: Board;
  readonly search: HTMLInputElement | null;
  readonly setDialog: (dialog: 'help' | 'palette') => void;
}

/** Runs a command whose code is loaded when its key is first pressed; `open`, `filter`, `next` and `previous` are handled elsewhere. */
export function carryOut(command: Command, target: CommandTarget): void {
  const { page, board, setDialog } = target;
  const { address, announcer, language } = page;
  const { watch } = board;
  const say = (text: (t: Words) => string): void => {
    language.loadAll().then(
      (t) => announcer.announce(text(t)),
      () => {},
    );
  };
  const commands: Partial<Readonly<Record<Command, () => void>>> = {
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
    escape: () => stepBack(target),
  };
  commands[command]?.();
}

/** Closes what is open, one step at a time. */
function stepBack({ page: { address }, board: { focus }, search }: CommandTarget): void {
  const { filter, instance, timeline } = address.view.peek();
  const isSearching = document.activeElement === search;
  if (isSearching && filter.text !== '') address.update({ filter: { ...filter, text: '' } });
  else if (isSearching) focus.move(0);
  else if (instance !== undefined) {
    address.update({ instance: undefined });
    focus.to(instance);
  } else if (timeline) address.update({ timeline: undefined });
  else if (!isNoFilter(filter)) address.update({ filter: noFilter });
}
