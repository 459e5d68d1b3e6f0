import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useAllWords } from './context.tsx';
import { IconButton } from './controls.tsx';

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
        <IconButton label={t.close} glyph="close" onClick={() => dialog.current?.close()} />
      </header>
      {props.children}
    </dialog>
  );
}
