import { useEffect } from 'preact/hooks';
import { type Command, commandOf } from './shortcuts.ts';

/** Carries out commands of the keyboard, wherever the focus is. Keys that something else has handled do not count. */
export function useCommands(
  commands: Partial<Readonly<Record<Command, () => void>>>,
  letters: boolean,
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const command = commandOf(event, { typing: isTyping(event.target), letters });
      const carryOut = command && commands[command];
      if (carryOut === undefined) return;
      event.preventDefault();
      carryOut();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])');
}
