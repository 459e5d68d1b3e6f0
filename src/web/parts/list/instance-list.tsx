import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ListItem } from '../../state/sections.ts';
import { useBoard, usePage, useWords } from '../context.tsx';
import { Glyph } from '../controls.tsx';
import { type ColumnName, columns, fittingColumns, gridOf, usefulColumns } from './columns.ts';
import type { RowParts } from './line.tsx';
import type { RowWindow } from './row-window.ts';
import { InstanceRow, MachineRow, SectionRow } from './rows.tsx';
import { useListEvents } from './use-list-events.ts';
import { remPx, sectionsBefore, useRowWindow } from './use-row-window.ts';

/** Below this width, in `rem`, a row has two lines. */
const narrowWidth = 42;
const narrowColumns: ReadonlySet<ColumnName> = new Set(['instance', 'state', 'hour', 'kind']);

/** The rows, of which only the visible ones are rendered. Each line is positioned by its number, so none moves another. */
export function InstanceList(): VNode {
  const { address, preferences } = usePage();
  const { list, focus, instances } = useBoard();
  const { t } = useWords();
  const root = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const items = list.items.value;
  const parts = useRowParts();
  const before = useMemo(() => sectionsBefore(items), [items]);
  const seen = useRowWindow(body, items.length, before);
  const width = useWidth(root);
  const events = useListEvents(body);
  useWishedFocus(body);
  const { grouping, instance } = address.view.value;
  const tabStop = focus.key.value ?? items[0]?.key;
  const hidden = preferences.hiddenColumns.value;
  const rows = instances.value;
  const useful = useMemo(() => usefulColumns(rows, hidden), [rows, hidden]);
  const isNarrow = width < narrowWidth;
  const shown = isNarrow
    ? useful.filter(({ name }) => narrowColumns.has(name))
    : fittingColumns(useful, width);
  const names = useSame(shown.map(({ name }) => name));
  const sections = before(items.length);
  return (
    <div
      ref={root}
      id="list"
      class={isNarrow ? 'list narrow' : 'list'}
      role={grouping === 'none' ? 'grid' : 'treegrid'}
      aria-label={t.instances}
      aria-rowcount={items.length + 1}
      style={{ '--columns': gridOf(shown) }}
      {...events}
    >
      <div class="list-head" role="rowgroup">
        <div class="columns" role="row" aria-rowindex={1}>
          {names.map((name) => (
            <HeadCell key={name} name={name} />
          ))}
        </div>
      </div>
      <div
        ref={body}
        class="list-body"
        role="rowgroup"
        style={{ '--count': items.length - sections, '--sections': sections }}
      >
        {drawnIndexes(items, seen, tabStop).map((index) => {
          const item = items[index];
          if (item === undefined) return null;
          // Primitive values, so that a line whose values stay the same is not rendered again. Preact does not pass `key` on.
          const { key } = item;
          const common = {
            index,
            sections: before(index),
            isTabStop: item.key === tabStop,
            columns: names,
            parts,
          };
          if (item.kind === 'section') return <SectionRow key={key} {...common} item={item} />;
          if (item.kind === 'machine') return <MachineRow key={key} {...common} item={item} />;
          const isOpen = item.key === instance;
          if (item.kind === 'past')
            return parts && <parts.PastRow key={key} {...common} item={item} isOpen={isOpen} />;
          const { instance: shown, gone, level } = item;
          const tree = grouping === 'none' ? undefined : level;
          const nested = level > (grouping === 'device' ? 1 : 2);
          const row = { ...common, instance: shown, gone, level: tree, nested, isOpen };
          return <InstanceRow key={key} {...row} />;
        })}
      </div>
    </div>
  );
}

/** Returns the previous list while the new one is equal to it. */
function useSame<Item>(items: readonly Item[]): readonly Item[] {
  const last = useRef(items);
  const isSame = last.current.length === items.length && last.current.every((item, at) => item === items[at]);
  if (!isSame) last.current = items;
  return last.current;
}

function HeadCell({ name }: { readonly name: ColumnName }): VNode {
  const { address } = usePage();
  const { t } = useWords();
  const { sort: sorted, descending } = address.view.value;
  const sort = columns.find((column) => column.name === name)?.sort;
  const isSorted = sort !== undefined && sorted === sort;
  const direction = descending ? 'descending' : 'ascending';
  return (
    <div class={`cell cell-${name}`} role="columnheader" aria-sort={isSorted ? direction : undefined}>
      {sort === undefined ? (
        t.columns[name]
      ) : (
        <button
          type="button"
          class="head-button"
          onClick={() => address.update({ sort, descending: isSorted && !descending })}
        >
          {t.columns[name]}
          {isSorted && <Glyph name={direction} />}
        </button>
      )}
    </div>
  );
}

/**
 * The visible lines, then the focused one, which must stay in the document to keep the focus. It goes last wherever its position
 * is: a press moves the focus, and no line may move in the document between a press and its release, or the click is lost.
 */
function drawnIndexes(
  items: readonly ListItem[],
  { start, end }: RowWindow,
  tabStop: string | undefined,
): readonly number[] {
  const drawn: number[] = [];
  for (let index = start; index < Math.min(end, items.length); index += 1) drawn.push(index);
  if (drawn.some((index) => items[index]?.key === tabStop)) return drawn;
  const at = items.findIndex((item) => item.key === tabStop);
  return at === -1 ? drawn : [...drawn, at];
}

/** The parts of rows, once they are loaded. */
function useRowParts(): RowParts | undefined {
  const { language } = usePage();
  const { live } = useBoard().watch.roster.value;
  const [parts, setParts] = useState<RowParts>();
  useEffect(() => {
    // An unreachable gateway cannot send them: they are requested when it is back.
    if (!live || parts !== undefined) return;
    Promise.all([import('./row-parts.ts'), language.loadAll()]).then(
      ([loaded]) => setParts(loaded),
      () => {},
    );
  }, [live]);
  return parts;
}

/** Focuses the requested line once it is rendered. */
function useWishedFocus(body: { readonly current: HTMLElement | null }): void {
  const { focus } = useBoard();
  const done = useRef(focus.wishes.peek());
  const wish = focus.wishes.value;
  useLayoutEffect(() => {
    if (wish === done.current) return;
    done.current = wish;
    const key = focus.key.peek() ?? '';
    const line = body.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: 'nearest' });
  }, [wish]);
}

/** Width of an element, in `rem`. */
function useWidth(root: { readonly current: HTMLElement | null }): number {
  const remOf = (px: number): number => px / remPx();
  const [width, setWidth] = useState(() => remOf(window.innerWidth) - 3);
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    const look = (): void => setWidth(remOf(element.clientWidth) - 1);
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  return width;
}
