import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Formats } from '../format/formats.ts';
import type { FirstWords, Words } from '../i18n/words.ts';
import type { Board } from '../state/board.ts';
import type { Page } from '../state/page.ts';

/** Provides the page to its components. */
export const PageContext: Context<Page | undefined> = createContext<Page | undefined>(undefined);

/** Provides the board to the components that are shown after signing in. */
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

/** Texts of the first view and formats of the language of the page; a component that uses them follows a switch of language. */
export function useWords(): { readonly t: FirstWords; readonly f: Formats } {
  const { language } = usePage();
  return { t: language.words.value, f: language.formats.value };
}

/** All texts, for a part that is loaded later: `Lazy` loads them with it. */
export function useAllWords(): { readonly t: Words; readonly f: Formats } {
  const { language } = usePage();
  const t = language.allWords.value;
  if (t === undefined) throw new TypeError('useAllWords needs a part that is loaded by Lazy');
  return { t, f: language.formats.value };
}
