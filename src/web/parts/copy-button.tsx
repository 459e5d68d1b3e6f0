import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAllWords, usePage } from './context.tsx';
import { LaterGlyph } from './forms.tsx';

const copiedForMs = 1_500;

/** Copies a text that is made when the button is pressed, and shows for a moment that it was copied. */
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

/** Copies text; true when it worked. Pages that were not loaded by https have no clipboard API and use `execCommand`. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyFromField(text);
    }
  }
  return copyFromField(text);
}

function copyFromField(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  const worked = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return worked;
}
