/** Languages of the page, each by its own name. */
export const languageNames = {
  en: 'English',
  ja: '日本語',
  ko: '한국어',
  fr: 'Français',
  de: 'Deutsch',
} as const;

export type LanguageCode = keyof typeof languageNames;

/** The codes, in the order in which they are offered. */
export const languageCodes: readonly LanguageCode[] = ['en', 'ja', 'ko', 'fr', 'de'];

/** Whether a word is a language code of the page. */
export function isLanguageCode(word: string | undefined | null): word is LanguageCode {
  return word !== undefined && word !== null && Object.hasOwn(languageNames, word);
}

/** The language of a BCP 47 tag: `fr-CH` → `fr`. */
export function languageOf(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

/** The first language of the page that a person wants, by BCP 47 tags in order of preference; English when none. */
export function bestLanguage(wanted: readonly string[]): LanguageCode {
  return wanted.map(languageOf).find(isLanguageCode) ?? 'en';
}
