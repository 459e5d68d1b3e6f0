import { useEffect } from 'preact/hooks';
import { useBoard, usePage } from '../context.tsx';

/** Handlers of pointer and keyboard events of a list. */
export interface ListEvents {
  onPointerEnter(event: PointerEvent): void;
  onPointerLeave(): void;
  onFocusIn(event: FocusEvent): void;
  onFocusOut(event: FocusEvent): void;
  onClick(event: MouseEvent): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** Number of lines by which Page Up and Page Down move. */
const pageLines = 10;

/** Makes the handlers. While the pointer or the focus is in the list its order is held. */
export function useListEvents(body: { readonly current: HTMLElement | null }): ListEvents {
  const { address } = usePage();
  const { list, focus } = useBoard();
  useEffect(
    () => () => {
      list.hold('pointer', false);
      list.hold('focus', false);
    },
    [list],
  );

  const open = (line: Element): void => {
    const key = keyOf(line);
    if (key === undefined) return;
    if (line.hasAttribute('aria-expanded')) list.toggle(key);
    else address.update({ instance: key, timeline: undefined });
  };
  const keys: Readonly<Record<string, (line: Element) => void>> = {
    ArrowDown: () => focus.move(1),
    ArrowUp: () => focus.move(-1),
    PageDown: () => focus.move(pageLines),
    PageUp: () => focus.move(-pageLines),
    Home: () => focus.move(Number.NEGATIVE_INFINITY),
    End: () => focus.move(Number.POSITIVE_INFINITY),
    Enter: open,
    ' ': open,
    ArrowRight: (line) => setExpanded(line, true),
    ArrowLeft: (line) => setExpanded(line, false),
  };
  const setExpanded = (line: Element, wanted: boolean): void => {
    const key = keyOf(line);
    if (key !== undefined && line.getAttribute('aria-expanded') === String(!wanted)) list.toggle(key);
  };

  return {
    onPointerEnter: ({ pointerType }) => {
      if (pointerType === 'mouse') list.hold('pointer', true);
    },
    onPointerLeave: () => list.hold('pointer', false),
    onFocusIn({ target }) {
      const key = keyOf(lineAt(target));
      if (key === undefined) return;
      focus.arrived(key);
      list.hold('focus', true);
    },
    onFocusOut({ relatedTarget }) {
      if (relatedTarget instanceof Node && body.current?.contains(relatedTarget)) return;
      list.hold('focus', false);
    },
    onClick(event) {
      const line = lineAt(event.target);
      if (line === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(line);
    },
    onKeyDown(event) {
      const line = lineAt(event.target);
      const act = keys[event.key];
      if (line === null || act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act(line);
    },
  };
}

function lineAt(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('[data-key]') : null;
}

function keyOf(line: Element | null): string | undefined {
  return line?.getAttribute('data-key') ?? undefined;
}
