import type { VNode } from 'preact';
import { Glyph, type GlyphName } from '../icons/glyph.tsx';

/** A button that is only a drawing; its word is its label and its tooltip. */
export function IconButton(props: {
  readonly label: string;
  readonly glyph: GlyphName;
  readonly onClick: () => void;
  readonly class?: string;
}): VNode {
  const { label, glyph, onClick } = props;
  return (
    <button
      type="button"
      class={`button icon-only ${props.class ?? ''}`}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Glyph name={glyph} />
    </button>
  );
}
