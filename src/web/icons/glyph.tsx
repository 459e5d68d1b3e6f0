import type { VNode } from 'preact';

/** Outlines of the small drawings in buttons, on a grid of 16. */
const outlines = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.7 10.7 14 14',
  close: 'm4 4 8 8M12 4l-8 8',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6l7.5-4.8z',
  export: 'M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11',
  settings: 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.7v3.6M6 9.7v3.6',
  help: 'M6 6a2 2 0 1 1 2.8 1.8C8.2 8.1 8 8.5 8 9.2M8 11.8h.01M8 14.5a6.5 6.5 0 1 0 0-13a6.5 6.5 0 0 0 0 13',
  back: 'M10 3 5 8l5 5',
  chevron: 'm6 4 4 4-4 4',
  ascending: 'M8 13V3M4.5 6.5 8 3l3.5 3.5',
  descending: 'M8 3v10M4.5 9.5 8 13l3.5-3.5',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3M8 11.6h.01',
} as const;

/** Names of the drawings. */
export type GlyphName = keyof typeof outlines;

/** A small drawing; decoration, the word stands beside it or in the label of its button. */
export function Glyph({ name }: { readonly name: GlyphName }): VNode {
  return (
    <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={outlines[name]} />
    </svg>
  );
}
