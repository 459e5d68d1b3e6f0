import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RefusalKind } from '../i18n/words.ts';
import { useAllWords, usePage } from './context.tsx';
import { Brand } from './marks.tsx';
import { LanguageChoice } from './more-menu.tsx';

/** The form for the token of the gateway. */
export function SignIn(): VNode {
  const { session } = usePage();
  const { t } = useAllWords();
  const [isEmpty, setEmpty] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const state = session.state.value;
  const refusal = state.phase === 'signed-out' ? state.refusal : undefined;
  const problem = refusal && refusalKind(refusal.code);
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
      <form class="gate-card" onSubmit={submit} noValidate>
        <Brand />
        <h1>{problem === undefined || problem === 'secret' ? t.signIn : t.refusedTitle}</h1>
        <p class="muted" id="sign-in-hint">
          {t.signInHint}
        </p>
        <input type="text" name="username" autocomplete="username" value="gateway" hidden readOnly />
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
          {problem === 'other' && <span class="problem-reason">{t.gatewaySays(refusal?.reason ?? '')}</span>}
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

/** The subject of a refusal, by its code. */
function refusalKind(code: string): RefusalKind {
  if (/^AUTH_(TOKEN|PASSWORD)/.test(code)) return 'secret';
  if (/^CONTROL_UI_ORIGIN|^HTTP_403/.test(code)) return 'origin';
  if (code === 'PROTOCOL_MISMATCH') return 'protocol';
  return /^DEVICE_|^PAIRING/.test(code) ? 'device' : 'other';
}

/** The token is known, but may not read presence. */
export function NoPermission(): VNode {
  const { session } = usePage();
  const { t } = useAllWords();
  return (
    <main class="gate">
      <section class="gate-card" aria-labelledby="no-permission">
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
