import type { VNode } from 'preact';
import { useWords } from '../app/page-context.tsx';

const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** The shape of a list that is on its way. */
export function SkeletonList(): VNode {
  const { t } = useWords();
  return (
    <div class="skeleton" role="img" aria-label={t.loading}>
      {lines.map((line) => (
        <div key={line} class="skeleton-row">
          <span class="skeleton-icon" />
          <span class="skeleton-wide" />
          <span class="skeleton-narrow" />
          <span class="skeleton-wide" />
        </div>
      ))}
    </div>
  );
}
