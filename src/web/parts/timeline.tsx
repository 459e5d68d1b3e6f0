import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { kindText } from '../i18n/words.ts';
import type { HistoryEntry } from '../state/history.ts';
import { entryText } from '../state/story.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import { IconButton, LaterGlyph } from './forms.tsx';

/** Most entries that are shown. */
const mostShown = 300;

/** What happened to all instances, newest first; entries since the last visit are marked off. */
export function TimelinePanel({ onClose }: { readonly onClose: () => void }): VNode | null {
  const memory = useBoard().memory.value;
  const { t, f } = useAllWords();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [memory]);
  if (memory === undefined) return null;
  const { history, sinceVisit } = memory;
  return (
    <aside class="panel timeline" aria-label={t.timeline}>
      <header class="panel-head">
        <IconButton class="detail-back" label={t.back} glyph={<LaterGlyph name="back" />} onClick={onClose} />
        <div class="panel-title">
          <h2 ref={title} tabIndex={-1}>
            {t.timeline}
          </h2>
          <p class="muted">
            {t.timelineFrom[history.source.value]} · {t.timelineSince(f.dateTime(history.sinceMs.value))}
          </p>
        </div>
        <IconButton
          class="detail-close"
          label={t.close}
          glyph={<LaterGlyph name="close" />}
          onClick={onClose}
        />
      </header>
      <div class="panel-section">
        <Entries
          entries={history.entries.value.slice(0, mostShown)}
          lastVisitMs={sinceVisit.net.value?.fromMs}
        />
      </div>
    </aside>
  );
}

/** Entries of the journal as a list; `isOfOne` leaves out whose they are. */
export function Entries(props: {
  readonly entries: readonly HistoryEntry[];
  readonly isOfOne?: boolean;
  /** A line is drawn at this moment. */
  readonly lastVisitMs?: number | undefined;
}): VNode {
  const { t, f } = useAllWords();
  const { entries, isOfOne = false, lastVisitMs } = props;
  // In the details they are below a heading of their own.
  const Day = isOfOne ? 'h4' : 'h3';
  if (entries.length === 0) return <p class="muted">{t.timelineEmpty}</p>;
  const firstSeen = lastVisitMs === undefined ? -1 : entries.findIndex(({ at }) => at <= lastVisitMs);
  const days = entries.map(({ at }) => f.day(at));
  return (
    <ol class="entries">
      {entries.map((entry, index) => (
        <li key={`${entry.id} ${entry.at}`}>
          {days[index] !== days[index - 1] && <Day class="entry-day">{days[index]}</Day>}
          {index === firstSeen && index > 0 && lastVisitMs !== undefined && (
            <p class="entry-looked">{t.since(f.clock(lastVisitMs))}</p>
          )}
          <Entry entry={entry} isOfOne={isOfOne} />
        </li>
      ))}
    </ol>
  );
}

function Entry({ entry, isOfOne }: { readonly entry: HistoryEntry; readonly isOfOne: boolean }): VNode {
  const { address } = usePage();
  const { t, f } = useAllWords();
  const more = entryText(entry, t, f);
  return (
    <div class={`entry entry-${entry.kind}`}>
      <time dateTime={new Date(entry.at).toISOString()} title={f.dateTime(entry.at)}>
        {f.timeOfDay(entry.at)}
      </time>
      <span class="entry-text">
        {!isOfOne && (
          <button
            type="button"
            class="link"
            onClick={() => address.update({ instance: entry.key, timeline: undefined })}
          >
            {entry.host ?? entry.key}
          </button>
        )}{' '}
        <span class="entry-kind">{kindText(entry.kind, t)}</span>
        {more !== '' && <span class="muted"> · {more}</span>}
      </span>
    </div>
  );
}
