import type { VNode } from 'preact';
import { Brand } from '../app/brand.tsx';
import { LanguageChoice } from '../app/language-choice.tsx';
import { useLaterWords, usePage } from '../app/page-context.tsx';

/** The token is known, but may not read presence. */
export function NoPermission(): VNode {
  const { session } = usePage();
  const { t } = useLaterWords();
  return (
    <main class="gate">
      <section class="card" aria-labelledby="no-permission">
        <Brand />
        <h1 id="no-permission">{t.noPermissionTitle}</h1>
        <p>{t.noPermission}</p>
        <button type="button" class="button primary" onClick={() => session.signOut()}>
          {t.otherToken}
        </button>
      </section>
      <LanguageChoice />
    </main>
  );
}
