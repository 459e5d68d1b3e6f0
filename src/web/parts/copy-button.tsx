import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAllWords, usePage } from './context.tsx';
import { copyText } from './copy.ts';
import { LaterGlyph } from './forms.tsx';

const copiedForMs = 1_500;

/** Copies a text that is made at the press, and says so for a moment. */
export function CopyButton(props: { readonly text: () => string; readonly label: string }): VNode {
  const { announcer } = usePage();
  const { t } = useAllWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), copiedForMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    const worked = await copyText(props.text());
    setCopied(worked);
    announcer.announce(worked ? t.copied : t.copyFailed);
  };
  return (
    <button type="button" class="button small" onClick={() => void copy()}>
      <LaterGlyph name="copy" />
      {copied ? t.copied : props.label}
    </button>
  );
}
