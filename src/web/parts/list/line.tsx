import type { ComponentChildren, VNode } from 'preact';
import type { ColumnName } from './columns.ts';

/** Row parts that are loaded after the list. */
export type RowParts = typeof import('./row-parts.ts');

/** Properties of every line. */
export interface LineProps {
  /** Number of the line, from 0. */
  readonly index: number;
  /** Names of sections above it. */
  readonly sections: number;
  readonly isTabStop: boolean;
  readonly columns: readonly ColumnName[];
  /** Undefined until it is loaded. */
  readonly parts: RowParts | undefined;
}

/** One line of the list, of any kind. */
export function Line(props: {
  readonly id: string;
  readonly index: number;
  readonly sections: number;
  readonly isTabStop: boolean;
  readonly class: string;
  readonly level?: number | undefined;
  readonly expanded?: boolean;
  readonly selected?: boolean;
  readonly children: ComponentChildren;
}): VNode {
  const { id, index, sections, isTabStop, level, expanded, selected, children } = props;
  return (
    <div
      class={`columns row ${props.class}`}
      role="row"
      aria-rowindex={index + 2}
      aria-level={level}
      aria-expanded={expanded}
      aria-selected={selected}
      tabIndex={isTabStop ? 0 : -1}
      data-key={id}
      style={{ top: placeOf(index, sections) }}
    >
      {children}
    </div>
  );
}

/**
 * Position of a line. It is no custom property: the elements in a row would inherit that, and the browser would compute the style
 * of all of it anew.
 */
function placeOf(index: number, sections: number): string {
  return `calc(${index - sections} * var(--row-height) + ${sections} * var(--section-height))`;
}
