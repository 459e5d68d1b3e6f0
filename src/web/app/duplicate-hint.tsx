import type { VNode } from 'preact';
import { Later } from './later.tsx';
import { laterParts } from './later-parts.ts';
import { Menu } from './menu.tsx';
import { useBoard, useWords } from './page-context.tsx';

/** Says how many instances are most likely listed more than once; the panel says which and why. */
export function DuplicateHint(): VNode | null {
  const { duplicates } = useBoard();
  const { t, f } = useWords();
  const found = duplicates.value;
  if (found.length === 0) return null;
  return (
    <Menu class="hint menu-end" button={t.duplicates(found.length, f.count(found.length))}>
      {(close) => <Later load={laterParts.duplicates} with={{ found, onDone: close }} />}
    </Menu>
  );
}
