import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { encode } from 'uqr';
import { useAllWords, usePage } from './context.tsx';
import { Dialog } from './forms.tsx';

/** Names and addresses under which a computer reaches only itself. */
const onlyHere = /^(localhost|.*\.localhost|127\..*|\[::1\])$/;

/**
 * Opens the page on a phone. The code contains the token, so it is shown only on request, and removed with the
 * dialog.
 */
export function Phone({ onClose }: { readonly onClose: () => void }): VNode {
  const { gatewayUrl, secret } = usePage();
  const { t } = useAllWords();
  const [isShown, setShown] = useState(false);
  const url = new URL(gatewayUrl.replace(/^ws/, 'http'));
  if (onlyHere.test(url.hostname)) {
    return (
      <Dialog title={t.phone} class="phone" onClose={onClose}>
        <p>{t.phoneLocal}</p>
      </Dialog>
    );
  }
  const token = secret.get();
  if (token !== undefined) url.hash = `token=${encodeURIComponent(token)}`;
  return (
    <Dialog title={t.phone} class="phone" onClose={onClose}>
      <p>{t.phoneHint}</p>
      {url.protocol === 'http:' && <p class="problem">{t.phonePlain}</p>}
      {isShown ? (
        <Code text={url.href} label={t.phoneCode} />
      ) : (
        <button type="button" class="button" onClick={() => setShown(true)}>
          {t.phoneShow}
        </button>
      )}
    </Dialog>
  );
}

/** A QR code, black on white in every theme: cameras need it so. */
function Code({ text, label }: { readonly text: string; readonly label: string }): VNode {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { border: 4 });
    const dark = data.flatMap((line, y) =>
      line.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
    );
    return { size, path: dark.join('') };
  }, [text]);
  return (
    <svg class="phone-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} focusable="false">
      <path d={path} />
    </svg>
  );
}
