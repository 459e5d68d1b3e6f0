import type { VNode } from 'preact';
import { isLanguageCode, languageCodes, languageNames } from '../i18n/language-code.ts';
import { useLaterWords, usePage } from './page-context.tsx';

/** Switches the language; every name is in its own language. */
export function LanguageChoice(): VNode {
  const page = usePage();
  const { t } = useLaterWords();
  const choose = (word: string): void => {
    if (isLanguageCode(word)) page.useLanguage(word);
  };
  return (
    <label class="setting">
      <span>{t.language}</span>
      <select value={page.language.code.value} onChange={(event) => choose(event.currentTarget.value)}>
        {languageCodes.map((code) => (
          <option key={code} value={code} lang={code}>
            {languageNames[code]}
          </option>
        ))}
      </select>
    </label>
  );
}
