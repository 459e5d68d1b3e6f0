/** A command of the keyboard. */
export type Command =
  | 'filter'
  | 'next'
  | 'previous'
  | 'open'
  | 'sort'
  | 'refresh'
  | 'pause'
  | 'timeline'
  | 'palette'
  | 'help'
  | 'escape';

/** The single-key shortcuts, in the order of the help. */
export const shortcutKeys: readonly (readonly [key: string, command: Command])[] = [
  ['/', 'filter'],
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['s', 'sort'],
  ['r', 'refresh'],
  ['p', 'pause'],
  ['t', 'timeline'],
  ['?', 'help'],
  ['Escape', 'escape'],
];

/** The properties of a keyboard event that are read. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;

/**
 * The command of a key.
 *
 * @param typing true when the focus is in a text field: only Escape counts there.
 * @param letters true when single letters are commands; people can turn them off.
 */
export function commandOf(
  press: KeyPress,
  { typing, letters }: { readonly typing: boolean; readonly letters: boolean },
): Command | undefined {
  if (press.isComposing || press.altKey) return undefined;
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === 'k' ? 'palette' : undefined;
  const command = shortcutKeys.find(([key]) => key === press.key)?.[1];
  if (command === 'escape') return command;
  return typing || !letters || command === 'open' ? undefined : command;
}
