import type { VNode } from 'preact';
import type { Status } from '../../client/index.ts';
import { useBoard, usePage, useWords } from '../app/page-context.tsx';
import type { Messages } from '../i18n/messages.ts';
import { StatusMark } from '../list/status-mark.tsx';
import type { FacetName } from './matching.ts';

/** The words of one facet, each with the number of rows that it would show. */
export function FacetChips({ facet }: { readonly facet: FacetName }): VNode | null {
  const { address } = usePage();
  const { list } = useBoard();
  const { t, f } = useWords();
  const id = `facet-${facet}`;
  const words = list.selection.value.facets[facet];
  const choose = (word: string): void => {
    const { filter } = address.view.peek();
    const chosen: readonly string[] = filter[facet];
    const next = chosen.includes(word) ? chosen.filter((other) => other !== word) : [...chosen, word];
    address.update({ filter: { ...filter, [facet]: next } });
  };
  if (words.length === 0) return null;
  return (
    <fieldset class="facet" aria-labelledby={id}>
      <span class="facet-name" id={id}>
        {t.facets[facet]}
      </span>
      {words.map(({ word, count, chosen }) => (
        <button key={word} type="button" class="chip" aria-pressed={chosen} onClick={() => choose(word)}>
          {facet === 'status' && <StatusMark status={word as Status} />}
          {facet === 'status' ? statusWord(word, t) : word}
          <span class="chip-count">{f.count(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}

function statusWord(word: string, t: Messages): string {
  return t.statuses[word as Status];
}
