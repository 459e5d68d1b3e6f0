import type { VNode } from 'preact';
import { useAllWords, useBoard, usePage } from './context.tsx';

const minuteMs = 60_000;

/** Which moment is shown: a slider over what the journal knows, and the way back to now. */
export function TimeSlider(): VNode | null {
  const { address } = usePage();
  const { memory, client } = useBoard();
  const { t, f } = useAllWords();
  const { atMs } = address.view.value;
  const history = memory.value?.history;
  if (atMs === undefined || history === undefined) return null;
  const now = client.serverNowMs();
  const fromMs = Math.min(history.sinceMs.value, atMs, now - 10 * minuteMs);
  const steps = Math.ceil((now - fromMs) / minuteMs);
  const entries = history.entries.value;
  const jump = (next: number | undefined): void => {
    if (next !== undefined) address.update({ atMs: next });
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
        value={Math.round((atMs - fromMs) / minuteMs)}
        aria-label={t.travelMoment}
        aria-valuetext={f.dateTime(atMs)}
        onInput={(event) => jump(Math.min(now, fromMs + Number(event.currentTarget.value) * minuteMs))}
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
