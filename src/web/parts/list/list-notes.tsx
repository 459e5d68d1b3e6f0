import type { VNode } from 'preact';
import { isViewer } from '../../../viewer/index.ts';
import { isNoFilter } from '../../state/view-state.ts';
import { useBoard, usePage, useWords } from '../context.tsx';
import { Lazy, lazyParts } from '../lazy.tsx';

/** One line above the list, of constant height: how many rows of how many are shown, and notes. */
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
        {watch.connection.value.phase !== 'reconnecting' && (watch.paused.value || list.isHeld.value) && (
          <Lazy load={lazyParts.order} with={{}} />
        )}
        {hasHints && <Lazy load={lazyParts.hints} with={{}} />}
      </div>
    </div>
  );
}
