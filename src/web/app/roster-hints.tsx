import type { VNode } from 'preact';
import { DuplicateList } from './duplicate-list.tsx';
import { Menu } from './menu.tsx';
import { useBoard, useLaterWords } from './page-context.tsx';

/** What a person should know of the roster as a whole; each hint opens to what can be done. */
export function RosterHints(): VNode {
  return (
    <>
      <TruncatedHint />
      <DuplicateHint />
    </>
  );
}

/** Says that the roster is full. */
function TruncatedHint(): VNode | null {
  const room = useBoard().room.value;
  const { t, f } = useLaterWords();
  if (!room?.truncated) return null;
  return (
    <Menu class="hint menu-end" button={t.truncated(f.count(room.maxEntries))}>
      <p>{t.truncatedHint}</p>
    </Menu>
  );
}

/** Says how many instances are most likely listed more than once; the panel says which and why. */
function DuplicateHint(): VNode | null {
  const found = useBoard().duplicates.value;
  const { t, f } = useLaterWords();
  if (found.length === 0) return null;
  return (
    <Menu class="hint menu-end" button={t.duplicates(found.length, f.count(found.length))}>
      {(close) => <DuplicateList found={found} onDone={close} />}
    </Menu>
  );
}
