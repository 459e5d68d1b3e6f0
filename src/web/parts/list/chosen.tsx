import type { VNode } from 'preact';
import { type FacetName, facetNames, noFilter, toggledFacet } from '../../state/view-state.ts';
import { useAllWords, useBoard, usePage } from '../context.tsx';
import { LaterGlyph } from '../forms.tsx';
import { facetText } from '../marks.tsx';

/** The active filters, each with a button that removes it, and the error of the search. */
export function Chosen(): VNode {
  const { address } = usePage();
  const { search } = useBoard();
  const { t } = useAllWords();
  const { filter } = address.view.value;
  const problem = search.value?.problemOf(filter.text);
  return (
    <>
      <div class="chosen">
        {facetNames.flatMap((facet) =>
          filter[facet].map((word) => <ChosenChip key={`${facet} ${word}`} facet={facet} word={word} />),
        )}
        <button type="button" class="button small clear" onClick={() => address.update({ filter: noFilter })}>
          {t.clearFilters}
        </button>
      </div>
      {problem !== undefined && (
        <p class="problem" role="status">
          {t.badQuery(problem)}
        </p>
      )}
    </>
  );
}

function ChosenChip({ facet, word }: { readonly facet: FacetName; readonly word: string }): VNode {
  const { address } = usePage();
  const { t } = useAllWords();
  const text = facetText(facet, word, t);
  return (
    <button
      type="button"
      class="chip"
      aria-label={t.removeFilter(text)}
      onClick={() => address.update({ filter: toggledFacet(address.view.peek().filter, facet, word) })}
    >
      {text}
      <LaterGlyph name="close" />
    </button>
  );
}

/** Shown in place of the list when no row matches the filter. */
export function NoMatch(): VNode {
  const { address } = usePage();
  const { t } = useAllWords();
  return (
    <section class="nothing" aria-labelledby="no-match">
      <h2 id="no-match">{t.noMatchTitle}</h2>
      <p class="muted">{t.noMatchText}</p>
      <button type="button" class="button" onClick={() => address.update({ filter: noFilter })}>
        {t.clearFilters}
      </button>
    </section>
  );
}

/** Shows that the page is paused, or the order held. */
export function OrderNote(): VNode | null {
  const { watch, list } = useBoard();
  const { t, f } = useAllWords();
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
