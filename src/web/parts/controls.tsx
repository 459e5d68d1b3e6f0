import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Outlines of the icons in buttons, on a grid of 16. */
const outlines = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.7 10.7 14 14',
  filter: 'M2 3.5h12M4.5 8h7M7 12.5h2',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6l7.5-4.8z',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  view: 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.7v3.6M6 9.7v3.6',
  chevron: 'm6 4 4 4-4 4',
  ascending: 'M8 13V3M4.5 6.5 8 3l3.5 3.5',
  descending: 'M8 3v10M4.5 9.5 8 13l3.5-3.5',
  pin: 'M6 2h4l-.5 5 2 2.5h-7l2-2.5zM8 9.5V14',
  mute: 'M3 6.5h2l3-3v9l-3-3H3zM11 6l3 4M14 6l-3 4',
} as const;

/** Names of the icons. */
export type GlyphName = keyof typeof outlines;

/** An icon; decorative: its word is beside it or in the label of its button. */
export function Glyph({ name }: { readonly name: GlyphName }): VNode {
  return <Drawing path={outlines[name]} isThick={name === 'more'} />;
}

/** An icon on a grid of 16. */
export function Drawing(props: { readonly path: string; readonly isThick?: boolean }): VNode {
  return (
    <svg
      class={props.isThick ? 'glyph thick' : 'glyph'}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={props.path} />
    </svg>
  );
}

/** A button that shows and hides a panel below it. Escape, or going elsewhere, hides it again. */
export function Menu(props: {
  /** Content of the button. */
  readonly button: ComponentChildren;
  /** Accessible name of the button where its content is only an icon. */
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
