import type { Instance } from '../../client/index.ts';
import type { HistoryEntry } from './history.ts';

/** State of an instance during one part of the last hour. */
export type Moment = 'here' | 'away' | 'absent' | 'unknown';

/** Parts of the last hour that are drawn. */
export const hourParts = 24;
const hourMs = 3_600_000;
const partMs = hourMs / hourParts;

/** A state that lasted from a moment until the next step. */
interface Step {
  readonly fromMs: number;
  readonly state: Moment;
}

/**
 * States of an instance during the last hour, oldest part first. A part in which it was away for a moment is `away`.
 *
 * @param entries of the instance, newest first.
 * @param knownSinceMs before this moment only the row itself counts.
 */
export function lastHour(
  row: Instance,
  entries: readonly HistoryEntry[],
  { nowMs, knownSinceMs }: { readonly nowMs: number; readonly knownSinceMs: number },
): readonly Moment[] {
  const steps = stepsOf(row, entries, knownSinceMs);
  return Array.from({ length: hourParts }, (_, part) => {
    const fromMs = nowMs - hourMs + part * partMs;
    return worstIn(steps, fromMs, fromMs + partMs);
  });
}

/** Newest first; the last one begins at minus infinity. */
function stepsOf(row: Instance, entries: readonly HistoryEntry[], knownSinceMs: number): readonly Step[] {
  const steps: Step[] = [];
  let state = stateNow(row);
  for (const entry of entries) {
    steps.push({ fromMs: entry.at, state });
    state = stateBefore(entry, state);
  }
  if (steps.length === 0 && row.disconnectedAtMs !== undefined && state === 'away') {
    steps.push({ fromMs: row.disconnectedAtMs, state }, { fromMs: row.disconnectedAtMs - 1, state: 'here' });
    return [...steps, { fromMs: Number.NEGATIVE_INFINITY, state: 'unknown' }];
  }
  const saidMs = row.connectedAtMs ?? row.firstSeenAtMs ?? knownSinceMs;
  const isOldest = state === 'absent' || saidMs === row.firstSeenAtMs;
  const sinceMs = Math.min(
    saidMs,
    steps.at(-1)?.fromMs ?? saidMs,
    Math.max(knownSinceMs, row.firstSeenAtMs ?? 0),
  );
  if (state !== 'absent') steps.push({ fromMs: sinceMs, state });
  return [...steps, { fromMs: Number.NEGATIVE_INFINITY, state: isOldest ? 'absent' : 'unknown' }];
}

function worstIn(steps: readonly Step[], fromMs: number, untilMs: number): Moment {
  let found: Moment = 'unknown';
  for (const [index, { fromMs: began, state }] of steps.entries()) {
    const ended = steps[index - 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    if (began >= untilMs || ended <= fromMs) continue;
    if (state === 'away') return state;
    if (found === 'unknown' || state === 'here') found = state;
  }
  return found;
}

function stateNow(row: Instance): Moment {
  if (row.unreachableSinceMs !== undefined) return 'away';
  if (row.connections === undefined) return row.reason === 'disconnect' ? 'away' : 'here';
  return row.connections === 0 && row.disconnectedAtMs !== undefined ? 'away' : 'here';
}

/** The state before an entry. */
function stateBefore({ kind, previous }: HistoryEntry, now: Moment): Moment {
  if (kind === 'joined') return 'absent';
  if (kind === 'returned' || kind === 'flapping') return 'away';
  if (kind === 'left' || kind === 'removed') return 'here';
  const was = previous?.['state'];
  if (was === undefined) return now;
  return was === 'unreachable' || was === 'disconnected' ? 'away' : 'here';
}
