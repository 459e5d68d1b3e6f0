import type { Instance } from '../../client/index.ts';
import { type Attention, attentionOf, isViewer, presenceStateOf } from '../../viewer/index.ts';

/** A row that needs attention, and why. */
export interface Concern {
  readonly instance: Instance;
  readonly attention: Attention;
}

/** The roster in a few numbers; viewers are counted apart. */
export interface Survey {
  readonly total: number;
  readonly online: number;
  /** Most recent first. */
  readonly left: readonly Instance[];
  /** Without recent updates: idle, stale, unreachable. */
  readonly quiet: readonly Instance[];
  readonly concerns: readonly Concern[];
  readonly viewers: number;
}

/** Counts the roster at a moment. */
export function surveyOf(
  rows: readonly Instance[],
  nowMs: number,
  leavesOf: (key: string) => number,
): Survey {
  const left: Instance[] = [];
  const quiet: Instance[] = [];
  const concerns: Concern[] = [];
  let online = 0;
  let viewers = 0;
  for (const instance of rows) {
    if (isViewer(instance)) {
      viewers += 1;
      continue;
    }
    const state = presenceStateOf(instance, nowMs);
    if (state === 'online' || state === 'reporting') online += 1;
    else if (state === 'disconnected') left.push(instance);
    else quiet.push(instance);
    const attention = attentionOf(instance, { state, nowMs, leaves: leavesOf(instance.key) });
    if (attention !== undefined) concerns.push({ instance, attention });
  }
  left.sort((a, b) => (b.disconnectedAtMs ?? b.ts) - (a.disconnectedAtMs ?? a.ts));
  return { total: rows.length - viewers, online, left, quiet, concerns, viewers };
}
