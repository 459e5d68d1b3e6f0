import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { createFormats, type Formats } from '../format/formats.ts';
import { type LanguageCode, languageOf, languages } from './languages.ts';
import type { Words } from './words.ts';

/** The language of the page. */
export interface Language {
  readonly code: ReadonlySignal<LanguageCode>;
  readonly words: ReadonlySignal<Words>;
  readonly formats: ReadonlySignal<Formats>;
  /** Loads a language, then switches to it; the last call wins. */
  use(code: LanguageCode): Promise<void>;
}

/**
 * Loads the first language.
 *
 * @param browserLocales formats keep the region of the browser where its language is that of the page.
 */
export async function createLanguage(
  first: LanguageCode,
  browserLocales: readonly string[],
): Promise<Language> {
  const chosen = signal({ code: first, words: await languages[first].load() });
  let wanted = first;
  const code = computed(() => chosen.value.code);
  return {
    code,
    words: computed(() => chosen.value.words),
    formats: computed(() => createFormats(localeOf(code.value, browserLocales))),
    async use(next) {
      wanted = next;
      if (chosen.peek().code === next) return;
      try {
        const words = await languages[next].load();
        if (wanted === next) chosen.value = { code: next, words };
      } catch {
        // The gateway is away and the language with it: the page stays as it is.
      }
    },
  };
}

function localeOf(code: LanguageCode, browserLocales: readonly string[]): string {
  return browserLocales.find((tag) => languageOf(tag) === code) ?? code;
}
