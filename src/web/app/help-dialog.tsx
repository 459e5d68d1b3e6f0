import type { RefObject, VNode } from 'preact';
import { Glyph } from '../icons/glyph.tsx';
import { Later } from './later.tsx';
import { laterParts } from './later-parts.ts';
import { useWords } from './page-context.tsx';

/** The list of shortcuts. */
export function HelpDialog({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }): VNode {
  const { t } = useWords();
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title">
      <header class="help-head">
        <h2 id="help-title">{t.help}</h2>
        <button
          type="button"
          class="button icon-only"
          aria-label={t.close}
          onClick={() => dialog.current?.close()}
        >
          <Glyph name="close" />
        </button>
      </header>
      <Later load={laterParts.help} with={{}} />
    </dialog>
  );
}
