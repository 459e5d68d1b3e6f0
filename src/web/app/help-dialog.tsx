import type { RefObject, VNode } from 'preact';
import { IconButton } from './icon-button.tsx';
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
        <IconButton label={t.close} glyph="close" onClick={() => dialog.current?.close()} />
      </header>
      <Later load={laterParts.help} with={{}} />
    </dialog>
  );
}
