import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Formats } from '../format/formats.ts';
import type { LaterMessages } from '../i18n/later-messages.ts';
import type { Messages } from '../i18n/messages.ts';
import type { Board } from './board.ts';
import type { Page } from './page.ts';

/** Hands the page to its components. */
export const PageContext: Context<Page | undefined> = createContext<Page | undefined>(undefined);

/** Hands the board to the components of somebody who is signed in. */
export const BoardContext: Context<Board | undefined> = createContext<Board | undefined>(undefined);

/** The page around a component. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new TypeError('usePage needs a PageContext around it');
  return page;
}

/** The board around a component. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (board === undefined) throw new TypeError('useBoard needs a BoardContext around it');
  return board;
}

/** As `useWords`, with the texts of a part that {@link Later} has loaded. */
export function useLaterWords(): { readonly t: Messages & LaterMessages; readonly f: Formats } {
  const { t, f } = useWords();
  const later = usePage().language.later.value;
  if (later === undefined) throw new TypeError('useLaterWords needs a Later around it');
  return { t: { ...t, ...later }, f };
}

/** Texts and formats of the language of the page; a component that uses them follows a switch of language. */
export function useWords(): { readonly t: Messages; readonly f: Formats } {
  const { language } = usePage();
  return { t: language.messages.value, f: language.formats.value };
}
