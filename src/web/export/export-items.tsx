import type { VNode } from 'preact';
import { useBoard, useLaterWords } from '../app/page-context.tsx';
import { downloadText } from './download.ts';
import { instancesCsv, instancesJson } from './instance-table.ts';

/** Saves the filtered list, in its order, as a file. */
export function ExportItems({ onDone }: { readonly onDone: () => void }): VNode {
  const { list, watch } = useBoard();
  const { t } = useLaterWords();
  const save = (kind: 'csv' | 'json', type: string, write: typeof instancesCsv): void => {
    const nowMs = watch.nowMs.peek();
    const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    downloadText({
      name: `instances-${stamp}.${kind}`,
      type,
      text: write(list.selection.peek().rows, nowMs),
    });
    onDone();
  };
  return (
    <div class="menu-items">
      <button type="button" class="button plain" onClick={() => save('csv', 'text/csv', instancesCsv)}>
        {t.exportCsv}
      </button>
      <button
        type="button"
        class="button plain"
        onClick={() => save('json', 'application/json', instancesJson)}
      >
        {t.exportJson}
      </button>
    </div>
  );
}
