import type { VNode } from 'preact';
import { isViewer } from '../../format/names.ts';
import { type FacetName, facetNames, isNoFilter, noFilter, toggledFacet } from '../../state/view-state.ts';
import { useBoard, usePage, useWords } from '../context.tsx';
import { Glyph } from '../controls.tsx';
import { Lazy, lazyParts } from '../lazy.tsx';
import { facetText } from '../marks.tsx';

/** One line above the list, of a height that never changes: what is shown of how much, and what should be known about it. */
export function ListNotes(): VNode {
  const { address } = usePage();
  const { list, search, survey, room, duplicates, watch } = useBoard();
  const { t, f } = useWords();
  const { filter } = address.view.value;
  const all = survey.value.total;
  const isAll = isNoFilter(filter);
  const shown = isAll ? all : list.selected.value.filter((row) => !isViewer(row)).length;
  const problem = search.value?.problemOf(filter.text);
  const hasHints = room.value?.truncated || duplicates.value.length > 0;
  return (
    <div class="strip">
      <p class="strip-count">{all > 0 && t.shown(all, f.count(shown), f.count(all))}</p>
      {!isAll && (
        <div class="chosen">
          {facetNames.flatMap((facet) =>
            filter[facet].map((word) => <ChosenChip key={`${facet} ${word}`} facet={facet} word={word} />),
          )}
          <button
            type="button"
            class="button small clear"
            onClick={() => address.update({ filter: noFilter })}
          >
            {t.clearFilters}
          </button>
        </div>
      )}
      {problem !== undefined && (
        <p class="problem" role="status">
          {t.badQuery(problem)}
        </p>
      )}
      <div class="strip-notes">
        {watch.connection.value.phase !== 'reconnecting' && <OrderNote />}
        {hasHints && <Lazy load={lazyParts.hints} with={{}} />}
      </div>
    </div>
  );
}

function ChosenChip({ facet, word }: { readonly facet: FacetName; readonly word: string }): VNode {
  const { address } = usePage();
  const { t } = useWords();
  const text = facetText(facet, word, t);
  return (
    <button
      type="button"
      class="chip"
      aria-label={t.removeFilter(text)}
      onClick={() => address.update({ filter: toggledFacet(address.view.peek().filter, facet, word) })}
    >
      {text}
      <Glyph name="close" />
    </button>
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
