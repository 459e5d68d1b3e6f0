import type { FirstWords, LaterWords } from './words.ts';

/** One language of the page. */
interface LanguageFiles {
  /** Its own name. */
  readonly name: string;
  readonly loadFirst: () => Promise<FirstWords>;
  readonly loadLater: () => Promise<LaterWords>;
}

export type LanguageCode = 'en' | 'ja' | 'ko' | 'fr' | 'de';

/** The languages of the page in the order in which they are offered. */
export const languages: Readonly<Record<LanguageCode, LanguageFiles>> = {
  en: {
    name: 'English',
    loadFirst: () => import('./en.ts').then(({ en }) => en),
    loadLater: () => import('./en-later.ts').then(({ enLater }) => enLater),
  },
  ja: {
    name: '日本語',
    loadFirst: () => import('./ja.ts').then(({ ja }) => ja),
    loadLater: () => import('./ja-later.ts').then(({ jaLater }) => jaLater),
  },
  ko: {
    name: '한국어',
    loadFirst: () => import('./ko.ts').then(({ ko }) => ko),
    loadLater: () => import('./ko-later.ts').then(({ koLater }) => koLater),
  },
  fr: {
    name: 'Français',
    loadFirst: () => import('./fr.ts').then(({ fr }) => fr),
    loadLater: () => import('./fr-later.ts').then(({ frLater }) => frLater),
  },
  de: {
    name: 'Deutsch',
    loadFirst: () => import('./de.ts').then(({ de }) => de),
    loadLater: () => import('./de-later.ts').then(({ deLater }) => deLater),
  },
};

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
