import type { VNode } from 'preact';
import { commandsFor } from '../state/first-commands.ts';
import { useAllWords, usePage } from './context.tsx';
import { CopyButton } from './copy-button.tsx';

/** Shows how to connect a first client, with commands for this gateway that can be pasted unchanged. */
export function FirstClient(): VNode {
  const { gatewayUrl } = usePage();
  const { t } = useAllWords();
  return (
    <section class="first-client" aria-labelledby="first-client">
      <h2 id="first-client">{t.emptyTitle}</h2>
      <p class="muted">{t.emptyText}</p>
      <dl>
        {commandsFor(gatewayUrl).map(({ name, text }) => (
          <div key={name}>
            <dt>{t[name]}</dt>
            <dd>
              <pre>
                <code>{text}</code>
              </pre>
              <CopyButton text={() => text} label={t.copy} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="muted">{t.emptyTokenHint}</p>
    </section>
  );
}
