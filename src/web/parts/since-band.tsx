import type { VNode } from 'preact';
import type { Formats } from '../format/formats.ts';
import type { Words } from '../i18n/words.ts';
import type { HistoryEntry } from '../state/history.ts';
import { namesText } from '../state/names-text.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';

/** What happened since the last visit: one line with a link to the exact list. */
export function SinceBand(): VNode | null {
  const { memory, nowMs } = useBoard();
  const { address } = usePage();
  const { t, f } = useAllWords();
  const sinceVisit = memory.value?.sinceVisit;
  const net = sinceVisit?.net.value;
  if (sinceVisit === undefined || net === undefined) return null;
  const isToday = nowMs.value - net.fromMs < 43_200_000;
  const { joined, left, updated, flickered } = net;
  return (
    <section class="band" aria-labelledby="since">
      <h2 id="since">{t.since(isToday ? f.clock(net.fromMs) : f.dateTime(net.fromMs))}</h2>
      <p class="band-parts">
        {joined.length > 0 && (
          <span>
            <strong class="came">{`+${f.count(joined.length)}`}</strong> {t.sinceJoined(names(joined, t, f))}
          </span>
        )}
        {left.length > 0 && (
          <span>
            <strong class="went">{`−${f.count(left.length)}`}</strong> {t.sinceLeft(names(left, t, f))}
          </span>
        )}
        {flickered.length > 0 && <span>{t.sinceFlickered(names(flickered, t, f))}</span>}
        {updated.length > 0 && <span>{updatedText(updated, t, f)}</span>}
      </p>
      <span class="band-actions">
        <button
          type="button"
          class="link"
          onClick={() => address.update({ timeline: true, instance: undefined })}
        >
          {t.timeline}
        </button>
        <button type="button" class="link quiet" onClick={() => sinceVisit.markSeen()}>
          {t.markSeen}
        </button>
      </span>
    </section>
  );
}

function names(entries: readonly HistoryEntry[], t: Words, f: Formats): string {
  return namesText(
    entries.map(({ host }) => host),
    t,
    f,
    4,
  );
}

/** The version to which they were updated, when it is the same for all. */
function updatedText(updated: readonly HistoryEntry[], t: Words, f: Formats): string {
  const versions = new Set(updated.map(({ current }) => String(current?.['version'] ?? '')));
  const text = t.sinceUpdated(updated.length, f.count(updated.length));
  const [version] = versions;
  return versions.size === 1 && version ? `${text} ${t.sinceUpdatedTo(version)}` : text;
}
