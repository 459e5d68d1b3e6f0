import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { createFormats, type Formats } from '../format/formats.ts';
import { en } from './en.ts';
import { type LanguageCode, languageOf } from './language-code.ts';
import type { Messages } from './messages.ts';

/** English is always there; the others are loaded when they are wanted. */
const loaders: Readonly<Record<LanguageCode, () => Promise<Messages>>> = {
  en: async () => en,
  ja: async () => (await import('./ja.ts')).ja,
  ko: async () => (await import('./ko.ts')).ko,
  fr: async () => (await import('./fr.ts')).fr,
  de: async () => (await import('./de.ts')).de,
};

/** The language of the page. */
export interface Language {
  readonly code: ReadonlySignal<LanguageCode>;
  readonly messages: ReadonlySignal<Messages>;
  readonly formats: ReadonlySignal<Formats>;
  /** Loads a language, then switches to it. */
  use(code: LanguageCode): Promise<void>;
}

/** Starts in English; `use` switches. `locale` of the formats keeps the region of the browser where the language is the same. */
export function createLanguage(browserLocales: readonly string[]): Language {
  const chosen = signal<{ readonly code: LanguageCode; readonly messages: Messages }>({
    code: 'en',
    messages: en,
  });
  let wanted: LanguageCode = 'en';
  const code = computed(() => chosen.value.code);
  return {
    code,
    messages: computed(() => chosen.value.messages),
    formats: computed(() => createFormats(localeOf(code.value, browserLocales))),
    async use(next) {
      wanted = next;
      const messages = await loaders[next]();
      if (wanted === next) chosen.value = { code: next, messages };
    },
  };
}

function localeOf(code: LanguageCode, browserLocales: readonly string[]): string {
  return browserLocales.find((tag) => languageOf(tag) === code) ?? code;
}
