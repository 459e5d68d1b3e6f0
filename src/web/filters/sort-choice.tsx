import type { VNode } from 'preact';
import { usePage, useWords } from '../app/page-context.tsx';
import { sortKeys } from '../app/view-state.ts';
import { Glyph } from '../icons/glyph.tsx';

/** By what the list is sorted, and in which direction. */
export function SortChoice(): VNode {
  const { address } = usePage();
  const { t } = useWords();
  const { sort, descending } = address.view.value;
  const direction = descending ? t.sortDescending : t.sortAscending;
  const choose = (word: string): void => {
    address.update({ sort: sortKeys.find((key) => key === word) ?? 'host', descending: false });
  };
  return (
    <div class="sort">
      <label>
        <span class="sort-name">{t.sortBy}</span>
        <select value={sort} onChange={(event) => choose(event.currentTarget.value)}>
          {sortKeys.map((key) => (
            <option key={key} value={key}>
              {t.sorts[key]}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button icon-only"
        aria-label={direction}
        title={direction}
        onClick={() => address.update({ descending: !descending })}
      >
        <Glyph name={descending ? 'descending' : 'ascending'} />
      </button>
    </div>
  );
}
