import { useComputed } from '@preact/signals';
import type { VNode } from 'preact';
import type { Instance } from '../../../client/index.ts';
import { hourParts, lastHour, type Moment } from '../../state/hour.ts';
import { useAllWords, useBoard } from '../context.tsx';

/** Height of a bar of the last hour, by its state, so that the states differ in shape, not only in colour. */
const barHeights: Readonly<Record<Moment, number>> = { here: 14, away: 7, absent: 2, unknown: 2 };
const barWidth = 4;
const barStep = 5.5;

/** The last hour in bars: full where the instance was here, half where it was away, a dot where it was not known. */
export function HourStrip({ instance }: { readonly instance: Instance }): VNode {
  const { nowMs, memory } = useBoard();
  const { t, f } = useAllWords();
  const end = useComputed(() => Math.ceil(nowMs.value / 30_000) * 30_000);
  const history = memory.value?.history;
  const knownSinceMs = history?.sinceMs.value ?? nowMs.value;
  const parts = lastHour(instance, history?.of(instance.key) ?? [], { nowMs: end.value, knownSinceMs });
  const share = parts.filter((part) => part === 'here').length / hourParts;
  const text = t.hourText(f.percent(share));
  return (
    <span class="hour" title={text}>
      <svg viewBox={`0 0 ${hourParts * barStep} 14`} role="img" aria-label={text} focusable="false">
        {(['here', 'away', 'absent'] as const).map((kind) => (
          <path key={kind} class={`hour-${kind}`} d={barsOf(parts, kind)} />
        ))}
      </svg>
    </span>
  );
}

function barsOf(parts: readonly Moment[], kind: 'here' | 'away' | 'absent'): string {
  return parts
    .map((part, index) => {
      const isKind = part === kind || (kind === 'absent' && part === 'unknown');
      const height = barHeights[part];
      return isKind ? `M${index * barStep} ${14 - height}h${barWidth}v${height}h-${barWidth}z` : '';
    })
    .join('');
}
