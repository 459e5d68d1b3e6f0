import type { VNode } from 'preact';
import { sortKeys } from '../../viewer/index.ts';
import { IconButton } from '../app/icon-button.tsx';
import { usePage, useWords } from '../app/page-context.tsx';

/** By what the list is sorted, and in which direction. */
export function SortChoice(): VNode {
  const { address } = usePage();
  const { t } = useWords();
  const { sort, descending } = address.view.value;
  const direction = descending ? t.sortDescending : t.sortAscending;
  const choose = (word: string): void => {
    address.update({ sort: sortKeys.find((key) => key === word) ?? 'name', descending: false });
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
      <IconButton
        label={direction}
        glyph={descending ? 'descending' : 'ascending'}
        onClick={() => address.update({ descending: !descending })}
      />
    </div>
  );
}
