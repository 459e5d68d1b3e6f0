import type { VNode } from 'preact';
import type { SortKey } from '../../viewer/index.ts';
import { usePage, useWords } from '../app/page-context.tsx';
import type { Messages } from '../i18n/messages.ts';
import { Glyph } from '../icons/glyph.tsx';

type ColumnName = keyof Messages['columns'];

const columns: readonly (readonly [column: ColumnName, sort: SortKey | undefined])[] = [
  ['instance', 'name'],
  ['status', 'state'],
  ['machine', undefined],
  ['mode', 'mode'],
  ['input', 'input'],
  ['age', 'age'],
];

/** The names of the columns; those that the list can be sorted by are buttons. */
export function ColumnHead(): VNode {
  return (
    <div class="list-head" role="rowgroup">
      <div class="columns" role="row" aria-rowindex={1}>
        {columns.map(([column, sort]) => (
          <HeadCell key={column} column={column} sort={sort} />
        ))}
      </div>
    </div>
  );
}

function HeadCell({
  column,
  sort,
}: {
  readonly column: ColumnName;
  readonly sort: SortKey | undefined;
}): VNode {
  const { address } = usePage();
  const { t } = useWords();
  const { view } = address;
  const isSorted = sort !== undefined && view.value.sort === sort;
  const { descending } = view.value;
  const direction = descending ? 'descending' : 'ascending';
  return (
    <div class={`cell cell-${column}`} role="columnheader" aria-sort={isSorted ? direction : undefined}>
      {sort === undefined ? (
        t.columns[column]
      ) : (
        <button
          type="button"
          class="head-button"
          onClick={() => address.update({ sort, descending: isSorted && !descending })}
        >
          {t.columns[column]}
          {isSorted && <Glyph name={direction} />}
        </button>
      )}
    </div>
  );
}
