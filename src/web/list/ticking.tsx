import type { VNode } from 'preact';
import { ageMs, type Instance, lastInputSecondsAt, statusAt } from '../../client/index.ts';
import { statusNotes } from '../../viewer/index.ts';
import { useBoard, useWords } from '../app/page-context.tsx';
import { reasonText } from '../format/reason-text.ts';
import { StatusMark } from './status-mark.tsx';

interface Props {
  readonly instance: Instance;
}

/** Status by word and shape, and beside it what else is to be said of the row (PS3). */
export function StatusText({ instance }: Props): VNode {
  const { watch } = useBoard();
  const { t } = useWords();
  const status = statusAt(instance, watch.nowMs.value);
  return (
    <span class={`status status-word-${status}`}>
      <StatusMark status={status} />
      <span class="status-words">
        <span>{t.statuses[status]}</span>
        {statusNotes(instance).map((note) => (
          <span key={note} class={note}>
            {t[note]}
          </span>
        ))}
      </span>
    </span>
  );
}

/** Age and what the row is from; the moment itself on hover (PS2). */
export function AgeText({ instance }: Props): VNode {
  const { watch } = useBoard();
  const { t, f } = useWords();
  const { ts, reason } = instance;
  const age = f.age(ageMs(instance, watch.nowMs.value));
  return (
    <time class="age" dateTime={new Date(ts).toISOString()} title={f.dateTime(ts)}>
      {age}
      {reason !== undefined && <span class="reason">{reasonText(reason, t)}</span>}
    </time>
  );
}

/** Time since the last input of the person, ticking (PS4). */
export function InputText({ instance }: Props): VNode | null {
  const { watch } = useBoard();
  const { f } = useWords();
  const seconds = lastInputSecondsAt(instance, watch.nowMs.value);
  if (seconds === undefined) return null;
  const atMs = instance.ts - (instance.lastInputSeconds ?? 0) * 1_000;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={f.dateTime(atMs)}>
      {f.age(seconds * 1_000)}
    </time>
  );
}
