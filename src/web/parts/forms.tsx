import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useAllWords } from './context.tsx';
import { Drawing } from './controls.tsx';

/** Outlines of icons that only lazily loaded parts use. */
const outlines = {
  close: 'm4 4 8 8M12 4l-8 8',
  back: 'M10 3 5 8l5 5',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  bell: 'M8 2a4 4 0 0 1 4 4v3l1.5 2.5h-11L4 9V6a4 4 0 0 1 4-4M6.5 13.7h3',
} as const;

/** An icon of a lazily loaded part. */
export function LaterGlyph({ name }: { readonly name: keyof typeof outlines }): VNode {
  return <Drawing path={outlines[name]} />;
}

/** A button that shows only an icon. */
export function IconButton(props: {
  readonly label: string;
  readonly glyph: VNode;
  readonly class?: string;
  readonly onClick: () => void;
}): VNode {
  return (
    <button
      type="button"
      class={`button icon-only ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      {props.glyph}
    </button>
  );
}

/** A choice of one among a few. */
export function Choice<Word extends string>(props: {
  readonly label: string;
  readonly value: Word;
  readonly words: readonly Word[];
  readonly text: (word: Word) => string;
  readonly langOf?: (word: Word) => string;
  readonly onChoose: (word: Word) => void;
}): VNode {
  const { label, value, words, text, langOf, onChoose } = props;
  const choose = (chosen: string): void => {
    const word = words.find((each) => each === chosen);
    if (word !== undefined) onChoose(word);
  };
  return (
    <label class="setting">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {words.map((word) => (
          <option key={word} value={word} lang={langOf?.(word)}>
            {text(word)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A switch with its text. */
export function Switch(props: {
  readonly checked: boolean;
  readonly onSwitch: (box: HTMLInputElement) => void;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <label class="setting-switch">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onSwitch(event.currentTarget)}
      />
      <span>{props.children}</span>
    </label>
  );
}

/** A dialog that is modal while it is open. */
export function Dialog(props: {
  readonly title: string;
  readonly class?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): VNode {
  const { t } = useAllWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ''}`}
      aria-labelledby="dialog-title"
      onClose={props.onClose}
    >
      <header class="dialog-head">
        <h2 id="dialog-title">{props.title}</h2>
        <IconButton
          label={t.close}
          glyph={<LaterGlyph name="close" />}
          onClick={() => dialog.current?.close()}
        />
      </header>
      {props.children}
    </dialog>
  );
}
