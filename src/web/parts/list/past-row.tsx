import type { VNode } from 'preact';
import { causeText, kindText } from '../../i18n/words.ts';
import type { PastItem } from '../../state/sections.ts';
import { useAllWords, useBoard } from '../context.tsx';
import { Line, type LineProps } from './line.tsx';

/** An instance that was listed today and is not any more. */
export function PastRow(props: LineProps & { readonly item: PastItem; readonly isOpen: boolean }): VNode {
  const { nowMs } = useBoard();
  const { t, f } = useAllWords();
  const { item, index, sections, isTabStop, isOpen } = props;
  const { name, last } = item.past;
  const seenMs = last.lastSeenMs ?? last.at;
  return (
    <Line
      id={item.key}
      index={index}
      sections={sections}
      isTabStop={isTabStop}
      class="past-row"
      level={item.level}
      selected={isOpen}
    >
      <div class="cell cell-whole" role="gridcell">
        <span class="first">
          <span class="name">{name}</span>
        </span>
        <span class="muted past-text">
          {t.lastSeen(f.clock(seenMs))} · {f.age(nowMs.value - seenMs)} ·{' '}
          {last.cause ? causeText(last.cause, t) : kindText(last.kind, t)}
        </span>
      </div>
    </Line>
  );
}
