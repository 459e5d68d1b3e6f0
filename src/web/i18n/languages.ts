import type { Words } from './words.ts';

/** The languages of the page in the order in which they are offered: each by its own name, with its texts. */
export const languages = {
  en: { name: 'English', load: () => import('./en.ts').then((file): Words => file.en) },
  ja: { name: '日本語', load: () => import('./ja.ts').then((file): Words => file.ja) },
  ko: { name: '한국어', load: () => import('./ko.ts').then((file): Words => file.ko) },
  fr: { name: 'Français', load: () => import('./fr.ts').then((file): Words => file.fr) },
  de: { name: 'Deutsch', load: () => import('./de.ts').then((file): Words => file.de) },
} as const;

export type LanguageCode = keyof typeof languages;

/** The codes, in the order in which they are offered. */
export const languageCodes: readonly LanguageCode[] = Object.keys(languages) as LanguageCode[];

/** Whether a word is a language code of the page. */
export function isLanguageCode(word: string | undefined | null): word is LanguageCode {
  return word !== undefined && word !== null && Object.hasOwn(languages, word);
}

/** The language of a BCP 47 tag: `fr-CH` → `fr`. */
export function languageOf(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

/** The first language of the page that a person wants, by BCP 47 tags in order of preference; English when none. */
export function bestLanguage(wanted: readonly string[]): LanguageCode {
  return wanted.map(languageOf).find(isLanguageCode) ?? 'en';
}
