import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Instance } from '../../../client/index.ts';
import { rowName } from '../../../viewer/index.ts';
import { deviceKind } from '../../format/device-kind.ts';
import { annotationsOf } from '../../format/names.ts';
import { debugSummary } from '../../state/debug-summary.ts';
import type { HistoryEntry } from '../../state/history.ts';
import { storyOf } from '../../state/story.ts';
import { writeViewState } from '../../state/view-state.ts';
import { useAllWords, useBoard, usePage } from '../context.tsx';
import { CopyButton } from '../copy-button.tsx';
import { DeviceIcon } from '../device-icon.tsx';
import { IconButton, LaterGlyph } from '../forms.tsx';
import { StateText } from '../list/cells.tsx';
import { HourStrip } from '../list/hour-strip.tsx';
import { Entries } from '../timeline.tsx';
import { Actions } from './actions.tsx';
import { FactList } from './fact-list.tsx';

/** All that is known of one instance, over the list; on a small screen in its place. */
export function DetailPanel({ onClose }: { readonly onClose: () => void }): VNode {
  const { address } = usePage();
  const { instances, memory } = useBoard();
  const { t } = useAllWords();
  const wanted = address.view.value.instance?.trim().toLowerCase() ?? '';
  const instance = instances.value.find((row) => row.key === wanted);
  const entries = memory.value?.history.of(wanted) ?? [];
  const name = (instance && rowName(instance)) ?? entries.find(({ host }) => host !== undefined)?.host;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <aside class="panel detail" aria-label={t.detail}>
      <header class="panel-head">
        <IconButton class="detail-back" label={t.back} glyph={<LaterGlyph name="back" />} onClick={onClose} />
        {instance && (
          <span class="tile large">
            <DeviceIcon kind={deviceKind(instance)} />
          </span>
        )}
        <div class="panel-title">
          <h2 ref={title} tabIndex={-1}>
            {name ?? (instance ? t.unnamed : t.detail)}
          </h2>
          {instance && <StateText instance={instance} />}
        </div>
        <IconButton
          class="detail-close"
          label={t.close}
          glyph={<LaterGlyph name="close" />}
          onClick={onClose}
        />
      </header>
      {instance ? <Story instance={instance} /> : <Departed entries={entries} />}
      <section class="panel-section" aria-labelledby="detail-changes">
        <h3 id="detail-changes">{t.detailSections.changes}</h3>
        <Entries entries={entries.slice(0, 30)} isOfOne />
      </section>
      {instance && <FactList instance={instance} />}
    </aside>
  );
}

/** Its state, and the operations on it. */
function Story({ instance }: { readonly instance: Instance }): VNode {
  const { address } = usePage();
  const { nowMs } = useBoard();
  const { t, f } = useAllWords();
  const link = (): string =>
    new URL(writeViewState({ ...address.view.peek(), instance: instance.key }), location.href).href;
  return (
    <div class="panel-section story">
      <p class="story-text">{storyOf(instance, nowMs.value, t, f)}</p>
      <HourStrip instance={instance} />
      <OperatorNotes instance={instance} />
      <div class="detail-actions">
        <CopyButton label={t.copyLink} text={link} />
        <CopyButton label={t.copySummary} text={() => debugSummary(instance, nowMs.peek())} />
        <CopyButton label={t.copyJson} text={() => JSON.stringify(instance, undefined, 2)} />
      </div>
      <Actions key={instance.key} instance={instance} />
    </div>
  );
}

/** The operator's annotations, apart from its own facts. */
function OperatorNotes({ instance }: { readonly instance: Instance }): VNode | null {
  const { t } = useAllWords();
  const { owner, labels = [], note } = annotationsOf(instance);
  if (owner === undefined && labels.length === 0 && note === undefined) return null;
  return (
    <dl class="operator-notes" aria-label={t.detailSections.operator}>
      {owner !== undefined && (
        <div class="fact">
          <dt>{t.operatorFields.owner}</dt>
          <dd>{owner}</dd>
        </div>
      )}
      {labels.length > 0 && (
        <div class="fact">
          <dt>{t.operatorFields.labels}</dt>
          <dd>
            {labels.map((label) => (
              <span key={label} class="tag">
                {label}
              </span>
            ))}
          </dd>
        </div>
      )}
      {note !== undefined && (
        <div class="fact">
          <dt>{t.operatorFields.note}</dt>
          <dd>{note}</dd>
        </div>
      )}
    </dl>
  );
}

/** What is known of an instance that is not listed. */
function Departed({ entries }: { readonly entries: readonly HistoryEntry[] }): VNode {
  const { t, f } = useAllWords();
  const last = entries.find(({ kind }) => kind === 'left' || kind === 'removed' || kind === 'flapping');
  return (
    <p class="detail-gone">
      {t.detailGone} {last && t.detailLastSeen(f.dateTime(last.lastSeenMs ?? last.at))}
    </p>
  );
}
