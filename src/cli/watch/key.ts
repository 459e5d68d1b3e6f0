import type { Key as NodeKey } from 'node:readline';

/** One key press: a named key, or text that was typed or pasted. */
export type Key =
  | { readonly kind: 'named'; readonly name: KeyName }
  | { readonly kind: 'text'; readonly text: string };

/** The named keys that have a function. */
export type KeyName = keyof typeof names | 'interrupt' | 'redraw' | 'clear';

const names = {
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  pageup: 'pageup',
  pagedown: 'pagedown',
  home: 'home',
  end: 'end',
  return: 'return',
  enter: 'return',
  escape: 'escape',
  backspace: 'backspace',
} as const;

const controls: Readonly<Record<string, KeyName>> = {
  c: 'interrupt',
  d: 'interrupt',
  l: 'redraw',
  u: 'clear',
  p: 'up',
  n: 'down',
};

/** A press as `readline` reports it; undefined for keys without a function. */
export function keyOf(text: string | undefined, { name = '', ctrl, meta }: NodeKey): Key | undefined {
  if (ctrl) return namedKey(controls[name]);
  if (Object.hasOwn(names, name)) return namedKey(names[name as keyof typeof names]);
  if (meta || text === undefined || /^\p{Cc}*$/u.test(text)) return undefined;
  return { kind: 'text', text };
}

function namedKey(name: KeyName | undefined): Key | undefined {
  return name === undefined ? undefined : { kind: 'named', name };
}
