import type { VNode } from 'preact';
import type { Instance } from '../../client/index.ts';
import type { Duplicate } from '../../viewer/index.ts';
import { rowName } from '../list/row-name.ts';
import { useLaterWords, usePage } from './page-context.tsx';
import { noFilter } from './view-state.ts';

/** Which instances are most likely listed more than once, and what to change in them. */
export function DuplicateList(props: {
  readonly found: readonly Duplicate<Instance>[];
  readonly onDone: () => void;
}): VNode {
  const { address } = usePage();
  const { t, f } = useLaterWords();
  const show = (name: string): void => {
    address.update({ filter: { ...noFilter, text: name } });
    props.onDone();
  };
  return (
    <ul class="hint-list">
      {props.found.map(({ cause, rows: [first, ...others] }) => {
        const name = (first && rowName(first)) ?? t.unnamed;
        const count = others.length + 1;
        return (
          <li key={first?.key}>
            <strong>{t.duplicateRows(name, count, f.count(count))}</strong>
            <p>{t.duplicateAdvice[cause]}</p>
            <button type="button" class="button small" onClick={() => show(name)}>
              {t.showThem}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
