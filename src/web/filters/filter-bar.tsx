import type { RefObject, VNode } from 'preact';
import { useBoard, usePage, useWords } from '../app/page-context.tsx';
import { isNoFilter, noFilter } from '../app/view-state.ts';
import { Glyph } from '../icons/glyph.tsx';
import { FacetChips } from './facet-chips.tsx';
import { facetNames } from './selection.ts';
import { SortChoice } from './sort-choice.tsx';

/** Finds rows: by text, by facets, and in which order. */
export function FilterBar({ input }: { readonly input: RefObject<HTMLInputElement | null> }): VNode {
  const { address } = usePage();
  const { watch } = useBoard();
  const { t } = useWords();
  const { filter, grouped } = address.view.value;
  return (
    <search class="filter-bar" aria-label={t.filter}>
      <div class="filter-line">
        <label class="search">
          <Glyph name="search" />
          <span class="visually-hidden">{t.filter}</span>
          <input
            ref={input}
            type="search"
            value={filter.text}
            placeholder={t.filterHint}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => address.update({ filter: { ...filter, text: event.currentTarget.value } })}
          />
          <span class="key" aria-hidden="true">
            /
          </span>
        </label>
        <SortChoice />
        <button
          type="button"
          class="button toggle"
          aria-pressed={grouped}
          onClick={() => address.update({ grouped: !grouped })}
        >
          {t.groupDevices}
        </button>
      </div>
      <div class="facets">
        {watch.roster.value.instances.length > 0 &&
          facetNames.map((facet) => <FacetChips key={facet} facet={facet} />)}
        {!isNoFilter(filter) && (
          <button
            type="button"
            class="button small clear"
            onClick={() => address.update({ filter: noFilter })}
          >
            {t.clearFilters}
          </button>
        )}
      </div>
    </search>
  );
}
