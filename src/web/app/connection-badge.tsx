import type { VNode } from 'preact';
import type { ClientState } from '../../client/index.ts';
import type { Messages } from '../i18n/messages.ts';
import { useBoard, useWords } from './page-context.tsx';

/** Whether what is seen is live, by word and shape. */
export function ConnectionBadge(): VNode {
  const { watch } = useBoard();
  const { t } = useWords();
  const { state, word } = badgeOf(watch.connection.value, watch.roster.value.live, watch.paused.value, t);
  return (
    <span class={`badge badge-${state}`}>
      <svg class="badge-mark" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
        <path d={marks[state]} />
      </svg>
      {word}
    </span>
  );
}

type BadgeState = 'live' | 'paused' | 'lost';

const marks: Readonly<Record<BadgeState, string>> = {
  live: 'M5 1a4 4 0 1 1 0 8a4 4 0 0 1 0-8',
  paused: 'M2 1.5h2v7H2zM6 1.5h2v7H6z',
  lost: 'M5 .8 9.4 9H.6z',
};

function badgeOf(
  { phase }: ClientState,
  live: boolean,
  paused: boolean,
  t: Messages,
): { readonly state: BadgeState; readonly word: string } {
  if (phase === 'reconnecting') return { state: 'lost', word: t.reconnecting };
  if (paused) return { state: 'paused', word: t.paused };
  if (live && phase === 'connected') return { state: 'live', word: t.live };
  return { state: 'lost', word: t.connecting };
}
