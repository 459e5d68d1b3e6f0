import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Brand } from '../app/brand.tsx';
import { LanguageChoice } from '../app/language-choice.tsx';
import { usePage, useWords } from '../app/page-context.tsx';

/** Asks for the token of the gateway. */
export function SignIn(): VNode {
  const { session } = usePage();
  const { t } = useWords();
  const [isEmpty, setEmpty] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const state = session.state.value;
  const problem = state.phase === 'signed-out' ? state.problem : undefined;
  const reason = state.phase === 'signed-out' ? state.reason : undefined;
  useEffect(() => input.current?.focus(), [state]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const secret = String(data.get('secret') ?? '').trim();
    setEmpty(secret === '');
    if (secret === '') input.current?.focus();
    else session.signIn(secret, data.get('remember') !== null);
  };
  const message = isEmpty ? t.tokenRequired : problem && t.refusals[problem];
  return (
    <main class="gate">
      <form class="card" onSubmit={submit} noValidate>
        <Brand />
        <h1>{problem === undefined || problem === 'secret' ? t.signIn : t.refusedTitle}</h1>
        <p class="muted" id="sign-in-hint">
          {t.signInHint}
        </p>
        <label class="field">
          <span>{t.token}</span>
          <input
            ref={input}
            name="secret"
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            aria-describedby="sign-in-problem sign-in-hint"
            aria-invalid={message !== undefined}
          />
        </label>
        <p class="problem" id="sign-in-problem" role="alert">
          {message}
          {reason !== undefined && <span class="problem-reason">{t.gatewaySays(reason)}</span>}
        </p>
        <label class="setting-switch">
          <input type="checkbox" name="remember" />
          <span>
            {t.remember}
            <small class="muted">{t.rememberHint}</small>
          </span>
        </label>
        <button type="submit" class="button primary">
          {t.signIn}
        </button>
      </form>
      <LanguageChoice />
    </main>
  );
}
