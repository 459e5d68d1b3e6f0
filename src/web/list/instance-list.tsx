import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useBoard, usePage, useWords } from '../app/page-context.tsx';
import { ColumnHead } from './column-head.tsx';
import { GroupRow } from './group-row.tsx';
import type { ListItem } from './groups.ts';
import { InstanceRow } from './instance-row.tsx';
import { useListEvents } from './use-list-events.ts';
import { useRowWindow } from './use-row-window.ts';

/** The rows, of which only those that are seen are drawn. Each line has its place by its number, so none moves another. */
export function InstanceList(): VNode {
  const { address } = usePage();
  const { list, focus } = useBoard();
  const { t } = useWords();
  const body = useRef<HTMLDivElement>(null);
  const items = list.items.value;
  const seen = useRowWindow(body, items.length);
  const events = useListEvents(body);
  useWishedFocus(body);
  const { grouped, instance } = address.view.value;
  const tabStop = focus.key.value ?? items[0]?.key;
  return (
    <div
      id="list"
      class="list"
      role={grouped ? 'treegrid' : 'grid'}
      aria-label={t.instances}
      aria-rowcount={items.length + 1}
      {...events}
    >
      <ColumnHead />
      <div ref={body} class="list-body" role="rowgroup" style={{ '--count': items.length }}>
        {drawnIndexes(items, seen, tabStop).map((index) => {
          const item = items[index];
          if (item === undefined) return null;
          const common = { key: item.key, index, isTabStop: item.key === tabStop };
          return item.kind === 'group' ? (
            <GroupRow {...common} first={item.first} size={item.size} open={item.open} id={item.key} />
          ) : (
            <InstanceRow
              {...common}
              instance={item.instance}
              gone={item.gone}
              level={grouped ? item.level : undefined}
              isOpen={item.key === instance}
            />
          );
        })}
      </div>
    </div>
  );
}

/**
 * The lines that are seen, then the one that the keyboard is at, which must not vanish under it. It goes last wherever its place
 * is: a press moves the focus, and no line may move in the document between a press and its release, or the click is lost.
 */
function drawnIndexes(
  items: readonly ListItem[],
  { start, end }: { readonly start: number; readonly end: number },
  tabStop: string | undefined,
): readonly number[] {
  const drawn: number[] = [];
  for (let index = start; index < Math.min(end, items.length); index += 1) drawn.push(index);
  if (drawn.some((index) => items[index]?.key === tabStop)) return drawn;
  const at = items.findIndex((item) => item.key === tabStop);
  return at === -1 ? drawn : [...drawn, at];
}

/** Puts the focus on the line that was wished for, once it is drawn. */
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
