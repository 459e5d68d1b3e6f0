import type { VNode } from 'preact';
import { ageMs, type Instance, lastInputSecondsAt } from '../../../client/index.ts';
import { attentionOf, type PresenceState, presenceStateOf } from '../../../viewer/index.ts';
import type { Formats } from '../../format/formats.ts';
import type { FirstWords } from '../../i18n/words.ts';
import { useBoard, useWords } from '../context.tsx';
import { StateMark } from '../marks.tsx';
import { attentionText } from '../summary.tsx';

interface Props {
  readonly instance: Instance;
}

/** State by shape and word, and beside it its duration, or the problem (PS5). */
export function StateText({ instance }: Props): VNode {
  const { nowMs, leavesOf } = useBoard();
  const { t, f } = useWords();
  const now = nowMs.value;
  const state = presenceStateOf(instance, now);
  const attention = attentionOf(instance, { state, nowMs: now, leaves: leavesOf(instance.key) });
  const isMore = attention?.why === 'load' || attention?.why === 'flapping';
  return (
    <span class={`status state-${state}`}>
      <StateMark state={state} />
      <span class="status-words">
        <span class={`state-word word-${state}`}>{t.states[state]}</span>{' '}
        {isMore ? (
          <span class="state-warn">{attentionText(attention, t, f)}</span>
        ) : (
          <StateNote instance={instance} state={state} now={now} t={t} f={f} />
        )}
      </span>
    </span>
  );
}

function StateNote(
  props: Props & {
    readonly state: PresenceState;
    readonly now: number;
    readonly t: FirstWords;
    readonly f: Formats;
  },
): VNode | null {
  const { instance, state, now, t, f } = props;
  const { connectedAtMs, firstSeenAtMs } = instance;
  if (state === 'online') {
    const input = lastInputSecondsAt(instance, now);
    if (input !== undefined && input < 60) return <span class="state-note">{t.inUse}</span>;
    const sinceMs = connectedAtMs ?? (instance.self ? firstSeenAtMs : undefined);
    return sinceMs === undefined ? null : <span class="state-note">{f.span(now - sinceMs)}</span>;
  }
  const atMs = {
    reporting: instance.ts,
    idle: instance.ts,
    stale: instance.ts,
    disconnected: instance.disconnectedAtMs ?? instance.ts,
    unreachable: instance.unreachableSinceMs ?? instance.ts,
  }[state];
  return (
    <time class="state-note" dateTime={new Date(atMs).toISOString()} title={f.dateTime(atMs)}>
      {f.age(now - atMs)}
    </time>
  );
}

/** Age of the last update; the moment itself on hover (PS2). */
export function AgeText({ instance }: Props): VNode {
  const { nowMs } = useBoard();
  const { f } = useWords();
  const { ts } = instance;
  return (
    <time class="age" dateTime={new Date(ts).toISOString()} title={f.dateTime(ts)}>
      {f.age(ageMs(instance, nowMs.value))}
    </time>
  );
}

/** Time since the last input of the person, ticking (PS4). */
export function InputText({ instance }: Props): VNode | null {
  const { nowMs } = useBoard();
  const { f } = useWords();
  const seconds = lastInputSecondsAt(instance, nowMs.value);
  if (seconds === undefined) return null;
  const atMs = instance.ts - (instance.lastInputSeconds ?? 0) * 1_000;
  return (
    <time class="line" dateTime={new Date(atMs).toISOString()} title={f.dateTime(atMs)}>
      {f.age(seconds * 1_000)}
    </time>
  );
}
