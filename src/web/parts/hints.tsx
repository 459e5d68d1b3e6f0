import type { VNode } from 'preact';
import type { Instance } from '../../client/index.ts';
import { type Duplicate, rowName } from '../../viewer/index.ts';
import { noFilter } from '../state/view-state.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import { Menu } from './controls.tsx';

/** Hints about the roster as a whole; each opens to what can be done. */
export function RosterHints(): VNode {
  return (
    <>
      <TruncatedHint />
      <DuplicateHint />
    </>
  );
}

/** Shows that the roster is full. */
function TruncatedHint(): VNode | null {
  const room = useBoard().room.value;
  const { t, f } = useAllWords();
  if (!room?.truncated) return null;
  return (
    <Menu class="hint menu-end" button={t.truncated(f.count(room.maxEntries))}>
      <p>{t.truncatedHint}</p>
    </Menu>
  );
}

/** Shows how many instances are most likely listed more than once; the panel shows which and why. */
function DuplicateHint(): VNode | null {
  const found = useBoard().duplicates.value;
  const { t, f } = useAllWords();
  if (found.length === 0) return null;
  return (
    <Menu class="hint menu-end" button={t.duplicates(found.length, f.count(found.length))}>
      {(close) => <DuplicateList found={found} onDone={close} />}
    </Menu>
  );
}

/** Which instances are most likely listed more than once, and what to change in them. */
function DuplicateList(props: {
  readonly found: readonly Duplicate<Instance>[];
  readonly onDone: () => void;
}): VNode {
  const { address } = usePage();
  const { t, f } = useAllWords();
  const show = (name: string): void => {
    address.update({ filter: { ...noFilter, text: JSON.stringify(name) } });
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
