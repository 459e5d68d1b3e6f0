import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { createFormats, type Formats } from '../format/formats.ts';
import { type LanguageCode, languageOf } from './language-code.ts';
import type { LaterMessages } from './later-messages.ts';
import type { Messages } from './messages.ts';

/** Where the texts of a language are; each is loaded when it is wanted. */
interface Catalogue {
  readonly now: () => Promise<Messages>;
  readonly later: () => Promise<LaterMessages>;
}

const catalogues: Readonly<Record<LanguageCode, Catalogue>> = {
  en: {
    now: () => import('./en.ts').then((file) => file.en),
    later: () => import('./en-later.ts').then((file) => file.enLater),
  },
  ja: {
    now: () => import('./ja.ts').then((file) => file.ja),
    later: () => import('./ja-later.ts').then((file) => file.jaLater),
  },
  ko: {
    now: () => import('./ko.ts').then((file) => file.ko),
    later: () => import('./ko-later.ts').then((file) => file.koLater),
  },
  fr: {
    now: () => import('./fr.ts').then((file) => file.fr),
    later: () => import('./fr-later.ts').then((file) => file.frLater),
  },
  de: {
    now: () => import('./de.ts').then((file) => file.de),
    later: () => import('./de-later.ts').then((file) => file.deLater),
  },
};

interface Chosen {
  readonly code: LanguageCode;
  readonly messages: Messages;
  readonly later: LaterMessages | undefined;
}

/** The language of the page. */
export interface Language {
  readonly code: ReadonlySignal<LanguageCode>;
  readonly messages: ReadonlySignal<Messages>;
  /** Undefined until `loadLater` has been called once. */
  readonly later: ReadonlySignal<LaterMessages | undefined>;
  readonly formats: ReadonlySignal<Formats>;
  /** Loads a language, then switches to it; the last call wins. */
  use(code: LanguageCode): Promise<void>;
  /** Loads the texts of the parts that are shown later. */
  loadLater(): Promise<void>;
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
  const messages = await catalogues[first].now();
  const chosen = signal<Chosen>({ code: first, messages, later: undefined });
  let wanted = first;
  const code = computed(() => chosen.value.code);
  return {
    code,
    messages: computed(() => chosen.value.messages),
    later: computed(() => chosen.value.later),
    formats: computed(() => createFormats(localeOf(code.value, browserLocales))),
    async use(next) {
      wanted = next;
      if (chosen.peek().code === next) return;
      try {
        const [messages, later] = await Promise.all([catalogues[next].now(), catalogues[next].later()]);
        if (wanted === next) chosen.value = { code: next, messages, later };
      } catch {
        // The gateway is away and the language with it: the page stays as it is.
      }
    },
    async loadLater() {
      if (chosen.peek().later !== undefined) return;
      const { code: current } = chosen.peek();
      const later = await catalogues[current].later();
      if (chosen.peek().code === current) chosen.value = { ...chosen.peek(), later };
    },
  };
}

function localeOf(code: LanguageCode, browserLocales: readonly string[]): string {
  return browserLocales.find((tag) => languageOf(tag) === code) ?? code;
}
