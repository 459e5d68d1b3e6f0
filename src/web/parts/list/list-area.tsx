import type { VNode } from 'preact';
import { isViewer } from '../../../viewer/index.ts';
import { useBoard, useWords } from '../context.tsx';
import { Lazy, lazyParts } from '../lazy.tsx';
import { InstanceList } from './instance-list.tsx';

/** The list, or what is shown in its place. */
export function ListArea(): VNode {
  const { watch, list, instances, past } = useBoard();
  const { t } = useWords();
  const { live } = watch.roster.value;
  if (past.value !== undefined && past.value.instances === undefined) {
    return <p class="nothing">{t.travelFailed}</p>;
  }
  if (instances.value.length === 0) return <Skeleton />;
  const isAlone =
    live && past.value === undefined && instances.value.every((row) => row.self || isViewer(row));
  return (
    <div class="list-area">
      {isAlone && <Lazy load={lazyParts.firstClient} with={{}} />}
      {list.items.value.length === 0 ? <Lazy load={lazyParts.noMatch} with={{}} /> : <InstanceList />}
    </div>
  );
}

const skeletonRows = [0, 1, 2, 3, 4, 5, 6, 7];

/** Placeholder of the list until the first answer. */
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
