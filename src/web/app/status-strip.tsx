import type { VNode } from 'preact';
import type { Reconnecting } from '../../client/index.ts';
import type { Messages } from '../i18n/messages.ts';
import { Later } from './later.tsx';
import { laterParts } from './later-parts.ts';
import { useBoard, usePage, useWords } from './page-context.tsx';
import { refresh } from './refresh.ts';

/** One line of a height that never changes: how much is shown, and whatever a person should know about it. */
export function StatusStrip(): VNode {
  const { list, watch, room, duplicates } = useBoard();
  const { t, f } = useWords();
  const hasHints = room.value?.truncated || duplicates.value.length > 0;
  const shown = list.selection.value.rows.length;
  const all = watch.roster.value.instances.length;
  return (
    <div class="strip">
      <p class="strip-count">{all > 0 && t.shown(all, f.count(shown), f.count(all))}</p>
      <div class="strip-notes">
        <ConnectionNote />
        {hasHints && <Later load={laterParts.hints} with={{}} />}
      </div>
    </div>
  );
}

/** Says, in the bar that never scrolls away, that what is seen is not live, and since when. */
export function LossNote(): VNode | null {
  const page = usePage();
  const board = useBoard();
  const { watch } = board;
  const { t, f } = useWords();
  const connection = watch.connection.value;
  const { asOfMs } = watch.roster.value;
  if (connection.phase !== 'reconnecting') return null;
  return (
    <p class="note note-lost" role="alert">
      {asOfMs !== undefined && <span class="note-time">{t.asOf(f.timeOfDay(asOfMs))}</span>}
      <span class="note-text">{lossText(connection, watch.isRestarting.value, t)}</span>
      <button type="button" class="button small" onClick={() => void refresh(page, board)}>
        {t.tryNow}
      </button>
    </p>
  );
}

function ConnectionNote(): VNode | null {
  const { watch, list } = useBoard();
  const { t, f } = useWords();
  if (watch.connection.value.phase === 'reconnecting') return null;
  if (watch.paused.value) {
    const { value } = watch.waiting;
    return (
      <p class="note">
        <span>{t.asOf(f.timeOfDay(watch.nowMs.value))}</span>
        {value > 0 && <span>{t.changesWaiting(value, f.count(value))}</span>}
      </p>
    );
  }
  if (!list.isHeld.value) return null;
  return (
    <p class="note">
      <span>{t.orderHeld}</span>
      <button type="button" class="button small" onClick={() => list.sortNow()}>
        {t.applyOrder}
      </button>
    </p>
  );
}

function lossText({ code }: Reconnecting, isRestarting: boolean, t: Messages): string {
  if (isRestarting) return t.restarting;
  if (code === 'NETWORK') return t.noGateway;
  return code === 'AUTH_RATE_LIMITED' ? t.lockedOut : t.connectionLost;
}
