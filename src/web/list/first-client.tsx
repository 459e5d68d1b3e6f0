import type { VNode } from 'preact';
import { useLaterWords, usePage } from '../app/page-context.tsx';
import { CopyButton } from '../detail/copy-button.tsx';

/** Tells how to connect a first client, with commands that fit this gateway. */
export function FirstClient(): VNode {
  const { gatewayUrl } = usePage();
  const { t } = useLaterWords();
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
    </section>
  );
}

/** Commands are the same in every language. */
function commandsFor(
  url: string,
): readonly { readonly name: 'emptyBeacon' | 'emptyNode' | 'emptyCode'; readonly text: string }[] {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'wss:';
  const address = url.replace(/\/$/, '');
  return [
    { name: 'emptyBeacon', text: `ROLLCALL_TOKEN=… npx rollcall beacon --url ${address}` },
    {
      name: 'emptyNode',
      text: `OPENCLAW_GATEWAY_TOKEN=… openclaw node run --host ${hostname} --port ${port || (isSecure ? 443 : 80)}${isSecure ? ' --tls' : ''}`,
    },
    {
      name: 'emptyCode',
      text: `import { createPresenceClient } from 'rollcall/client';\n\ncreatePresenceClient({ url: '${address}', token: '…' }).start();`,
    },
  ];
}
