import type { VNode } from 'preact';
import { useAllWords, useBoard, usePage } from './context.tsx';

/** Steps of the slider over a whole day. */
const mostSteps = 1_440;

/** The moment that is shown: a slider over the time of the journal, and a button back to now. */
export function TimeSlider(): VNode | null {
  const { address } = usePage();
  const { memory, client } = useBoard();
  const { t, f } = useAllWords();
  const { atMs } = address.view.value;
  const history = memory.value?.history;
  if (atMs === undefined || history === undefined) return null;
  const now = client.serverNowMs();
  const fromMs = Math.min(history.sinceMs.value, atMs);
  const stepMs = Math.max(1_000, Math.ceil((now - fromMs) / mostSteps / 1_000) * 1_000);
  const steps = Math.ceil((now - fromMs) / stepMs);
  const entries = history.entries.value;
  const jump = (next: number | undefined): void => {
    if (next !== undefined) address.update({ atMs: Math.round(next) });
  };
  return (
    <div class="travel">
      <strong class="travel-text">{t.travelAt(f.dateTime(atMs))}</strong>
      <button
        type="button"
        class="button small"
        aria-label={t.travelEarlier}
        onClick={() => jump(entries.find(({ at }) => at < atMs)?.at)}
      >
        ‹
      </button>
      <input
        type="range"
        min={0}
        max={steps}
        step={1}
        value={Math.round((atMs - fromMs) / stepMs)}
        aria-label={t.travelMoment}
        aria-valuetext={f.dateTime(atMs)}
        onInput={(event) => jump(Math.min(now, fromMs + Number(event.currentTarget.value) * stepMs))}
      />
      <button
        type="button"
        class="button small"
        aria-label={t.travelLater}
        onClick={() => jump(entries.findLast(({ at }) => at > atMs)?.at)}
      >
        ›
      </button>
      <button type="button" class="button small primary" onClick={() => address.update({ atMs: undefined })}>
        {t.travelBack}
      </button>
    </div>
  );
}
