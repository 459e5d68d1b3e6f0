import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { createFormats, type Formats } from '../format/formats.ts';
import { type LanguageCode, languageOf, languages } from './languages.ts';
import type { FirstWords, Words } from './words.ts';

/** The language of the page. */
export interface Language {
  readonly code: ReadonlySignal<LanguageCode>;
  readonly words: ReadonlySignal<FirstWords>;
  /** Undefined until {@link Language.loadAll} was called and has resolved. */
  readonly allWords: ReadonlySignal<Words | undefined>;
  readonly formats: ReadonlySignal<Formats>;
  /** Loads the words of the lazily loaded parts as well, now and after every switch. */
  loadAll(): Promise<Words>;
  /** Loads a language, then switches to it; the last call wins. */
  use(code: LanguageCode): Promise<void>;
}

/** A language as far as it is loaded. */
interface Chosen {
  readonly code: LanguageCode;
  readonly words: FirstWords;
  readonly all: Words | undefined;
}

/**
 * Loads the first words of the first language.
 *
 * @param browserLocales formats keep the region of the browser where its language is that of the page.
 */
export async function createLanguage(
  first: LanguageCode,
  browserLocales: readonly string[],
): Promise<Language> {
  const chosen = signal<Chosen>({ code: first, words: await languages[first].loadFirst(), all: undefined });
  let wanted = first;
  let wantsAll = false;
  const code = computed(() => chosen.value.code);
  const loadAll = async (): Promise<Words> => {
    wantsAll = true;
    const { code: known, words, all } = chosen.peek();
    if (all !== undefined) return all;
    const made = { ...words, ...(await languages[known].loadLater()) };
    if (chosen.peek().code !== known) return loadAll();
    chosen.value = { code: known, words, all: chosen.peek().all ?? made };
    return made;
  };
  return {
    code,
    words: computed(() => chosen.value.words),
    allWords: computed(() => chosen.value.all),
    formats: computed(() => createFormats(localeOf(code.value, browserLocales))),
    loadAll,
    async use(next) {
      wanted = next;
      if (chosen.peek().code === next) return;
      try {
        const words = await languages[next].loadFirst();
        const all = wantsAll ? { ...words, ...(await languages[next].loadLater()) } : undefined;
        if (wanted === next) chosen.value = { code: next, words, all };
      } catch {
        // The gateway cannot be reached, so the language cannot be loaded: the page stays as it is.
      }
    },
  };
}

function localeOf(code: LanguageCode, browserLocales: readonly string[]): string {
  return browserLocales.find((tag) => languageOf(tag) === code) ?? code;
}
