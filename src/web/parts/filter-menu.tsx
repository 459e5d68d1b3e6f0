import { useComputed } from '@preact/signals';
import type { VNode } from 'preact';
import type { PresenceState } from '../../viewer/index.ts';
import { type FacetWord, facetsOf } from '../state/facets.ts';
import { type FacetName, facetNames, isNoFilter, noFilter, toggledFacet } from '../state/view-state.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import { facetText, StateMark } from './marks.tsx';

/** The values of each facet with the number of rows that each would show; one without rows cannot be chosen. */
export function FilterMenu(): VNode {
  const { address } = usePage();
  const { list } = useBoard();
  const { t } = useAllWords();
  const facets = useComputed(() => facetsOf(list.ordered.value, list.choice.value)).value;
  const offered = facetNames.filter((facet) => facets[facet].length > (facet === 'gateway' ? 1 : 0));
  return (
    <div class="filters">
      {offered.map((facet) => (
        <Facet key={facet} facet={facet} words={facets[facet]} />
      ))}
      {!isNoFilter(address.view.value.filter) && (
        <button type="button" class="button small clear" onClick={() => address.update({ filter: noFilter })}>
          {t.clearFilters}
        </button>
      )}
    </div>
  );
}

function Facet(props: { readonly facet: FacetName; readonly words: readonly FacetWord[] }): VNode {
  const { address } = usePage();
  const { t, f } = useAllWords();
  const { facet, words } = props;
  const id = `facet-${facet}`;
  // States have an order of their own; other values are sorted by their words in the language of the page.
  const inOrder = (all: readonly FacetWord[]): readonly FacetWord[] =>
    facet === 'state'
      ? all
      : all.toSorted((a, b) => f.collator.compare(facetText(facet, a.word, t), facetText(facet, b.word, t)));
  const choose = (word: string): void =>
    address.update({ filter: toggledFacet(address.view.peek().filter, facet, word) });
  return (
    <fieldset class="facet" aria-labelledby={id}>
      <span class="facet-name" id={id}>
        {t.facets[facet]}
      </span>
      {inOrder(words).map(({ word, count, chosen }) => (
        <button
          key={word}
          type="button"
          class="chip"
          aria-pressed={chosen}
          disabled={count === 0 && !chosen}
          title={word}
          onClick={() => choose(word)}
        >
          {facet === 'state' && <StateMark state={word as PresenceState} />}
          {facetText(facet, word, t)}
          <span class="chip-count">{f.count(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}
