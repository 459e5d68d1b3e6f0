import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A button that shows and hides a panel below it. Escape, or going elsewhere, hides it again. */
export function Menu(props: {
  /** Content of the button. */
  readonly button: ComponentChildren;
  /** Name of the button where its content is only a drawing. */
  readonly label?: string;
  readonly class?: string;
  readonly children: ComponentChildren | ((close: () => void) => ComponentChildren);
}): VNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useCloseElsewhere({ root, open, leave: () => setOpen(false), onEscape: close });
  const { children } = props;
  return (
    <div ref={root} class={`menu ${props.class ?? ''}`}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-expanded={open}
        aria-label={props.label}
        title={props.label}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </button>
      <div class="menu-panel" hidden={!open}>
        {open && (typeof children === 'function' ? children(close) : children)}
      </div>
    </div>
  );
}

function useCloseElsewhere(menu: {
  readonly root: { readonly current: HTMLElement | null };
  readonly open: boolean;
  readonly leave: () => void;
  readonly onEscape: () => void;
}): void {
  const { root, open, leave, onEscape } = menu;
  useEffect(() => {
    if (!open) return;
    const look = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) leave();
    };
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      onEscape();
    };
    document.addEventListener('pointerdown', look);
    document.addEventListener('focusin', look);
    document.addEventListener('keydown', press, { capture: true });
    return () => {
      document.removeEventListener('pointerdown', look);
      document.removeEventListener('focusin', look);
      document.removeEventListener('keydown', press, { capture: true });
    };
  }, [open]);
}
