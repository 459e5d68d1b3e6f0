import type { VNode } from 'preact';
import { BoardPage } from './board-page.tsx';
import { BoardContext, usePage } from './context.tsx';
import { Lazy, lazyParts } from './lazy.tsx';

/** The page: the list for who is signed in, the form for who is not. */
export function Shell(): VNode {
  return (
    <>
      <Content />
      <LiveRegion />
    </>
  );
}

function LiveRegion(): VNode {
  const { announcer } = usePage();
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {announcer.text.value}
    </div>
  );
}

function Content(): VNode {
  const { session, board } = usePage();
  const state = session.state.value;
  if (state.phase === 'forbidden') return <Lazy key="no" load={lazyParts.noPermission} with={{}} />;
  if (state.phase === 'signed-out' || board.value === undefined)
    return <Lazy key="in" load={lazyParts.signIn} with={{}} />;
  return (
    <BoardContext.Provider value={board.value}>
      <BoardPage />
    </BoardContext.Provider>
  );
}
