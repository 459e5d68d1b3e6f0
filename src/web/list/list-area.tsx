import type { VNode } from 'preact';
import { Later } from '../app/later.tsx';
import { laterParts } from '../app/later-parts.ts';
import { useBoard, usePage, useWords } from '../app/page-context.tsx';
import { noFilter } from '../app/view-state.ts';
import { InstanceList } from './instance-list.tsx';
import { SkeletonList } from './skeleton-list.tsx';

/** The list, or what stands in its place. */
export function ListArea(): VNode {
  const { watch, list } = useBoard();
  const { ownInstanceId } = usePage();
  const { instances, live } = watch.roster.value;
  if (instances.length === 0) return <SkeletonList />;
  const isAlone = live && instances.every((row) => row.self || row.instanceId === ownInstanceId);
  return (
    <div class={watch.connection.value.phase === 'connected' ? 'list-area' : 'list-area not-live'}>
      {list.items.value.length === 0 ? <NoMatch /> : <InstanceList />}
      {isAlone && <Later load={laterParts.firstClient} with={{}} />}
    </div>
  );
}

function NoMatch(): VNode {
  const { address } = usePage();
  const { t } = useWords();
  return (
    <section class="nothing" aria-labelledby="no-match">
      <h2 id="no-match">{t.noMatchTitle}</h2>
      <p class="muted">{t.noMatchText}</p>
      <button type="button" class="button" onClick={() => address.update({ filter: noFilter })}>
        {t.clearFilters}
      </button>
    </section>
  );
}
