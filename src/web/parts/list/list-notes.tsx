import type { VNode } from 'preact';
import { isViewer } from '../../format/names.ts';
import { isNoFilter } from '../../state/view-state.ts';
import { useBoard, usePage, useWords } from '../context.tsx';
import { Lazy, lazyParts } from '../lazy.tsx';

/** One line above the list, of a height that never changes: what is shown of how much, and what should be known about it. */
export function ListNotes(): VNode {
  const { address } = usePage();
  const { list, survey, room, duplicates, watch } = useBoard();
  const { t, f } = useWords();
  const { filter } = address.view.value;
  const all = survey.value.total;
  const isAll = isNoFilter(filter);
  const shown = isAll ? all : list.selected.value.filter((row) => !isViewer(row)).length;
  const hasHints = room.value?.truncated || duplicates.value.length > 0;
  return (
    <div class="strip">
      <p class="strip-count">{all > 0 && t.shown(all, f.count(shown), f.count(all))}</p>
      {!isAll && <Lazy load={lazyParts.chosen} with={{}} />}
      <div class="strip-notes">
        {watch.connection.value.phase !== 'reconnecting' && <OrderNote />}
        {hasHints && <Lazy load={lazyParts.hints} with={{}} />}
      </div>
    </div>
  );
}

/** That the page is paused, or the order held. */
function OrderNote(): VNode | null {
  const { watch, list } = useBoard();
  const { t, f } = useWords();
  if (watch.paused.value) {
    const waiting = watch.waiting.value;
    return (
      <p class="note">
        <span>{t.asOf(f.timeOfDay(watch.nowMs.value))}</span>
        {waiting > 0 && <span>{t.changesWaiting(waiting, f.count(waiting))}</span>}
      </p>
    );
  }
  if (!list.isHeld.value) return null;
  return (
    <p class="note">
      <span class="note-text">{t.orderHeld}</span>
      <button type="button" class="button small" onClick={() => list.sortNow()}>
        {t.applyOrder}
      </button>
    </p>
  );
}
