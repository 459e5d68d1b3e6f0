import type { VNode } from 'preact';
import { isViewer } from '../../format/names.ts';
import { noFilter } from '../../state/view-state.ts';
import { useBoard, usePage, useWords } from '../context.tsx';
import { Lazy, lazyParts } from '../lazy.tsx';
import { InstanceList } from './instance-list.tsx';

/** The list, or what stands in its place. */
export function ListArea(): VNode {
  const { watch, list, instances, travel } = useBoard();
  const { t } = useWords();
  const { live } = watch.roster.value;
  if (travel.past.value !== undefined && travel.past.value.instances === undefined) {
    return <p class="nothing">{t.travelFailed}</p>;
  }
  if (instances.value.length === 0) return <Skeleton />;
  const isAlone = live && instances.value.every((row) => row.self || isViewer(row));
  return (
    <div class="list-area">
      {isAlone && <Lazy load={lazyParts.firstClient} with={{}} />}
      {list.items.value.length === 0 ? <NoMatch /> : <InstanceList />}
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

const skeletonRows = [0, 1, 2, 3, 4, 5, 6, 7];

/** The list before it is known. */
function Skeleton(): VNode {
  const { t } = useWords();
  return (
    <div class="skeleton" role="img" aria-label={t.loading}>
      {skeletonRows.map((row) => (
        <div key={row} class="skeleton-row">
          <span class="skeleton-wide" />
          <span class="skeleton-narrow" />
        </div>
      ))}
    </div>
  );
}
