import type { Instance } from '../../client/index.ts';
import { type PresenceState, presenceStateOf } from '../../viewer/index.ts';
import { type HostShare, hostShares } from '../format/host-shares.ts';
import { annotationsOf, isViewer } from '../format/names.ts';

/** Why somebody should look at a row; the gravest one counts. */
export type Attention =
  | { readonly why: 'disconnected' | 'unreachable' | 'idle' | 'stale' }
  | { readonly why: 'flapping'; readonly leaves: number }
  | { readonly why: 'load'; readonly share: HostShare };

/** A row that has left for longer is history, not news. */
const newsMs = 600_000;

/** From this share on, a processor, a memory or a disk is full. */
export const fullShare = 0.9;

/** Why a row needs attention; undefined when it does not, when it is muted, and for those who only watch. */
export function attentionOf(
  row: Instance,
  {
    state,
    nowMs,
    leaves,
  }: { readonly state: PresenceState; readonly nowMs: number; readonly leaves: number },
): Attention | undefined {
  if (isViewer(row) || annotationsOf(row).mute) return undefined;
  const leftMs = row.disconnectedAtMs ?? row.ts;
  if (state === 'disconnected') return nowMs - leftMs < newsMs ? { why: state } : undefined;
  if (state === 'unreachable' || state === 'idle' || state === 'stale') return { why: state };
  if (leaves >= 3) return { why: 'flapping', leaves };
  const share = row.hostStats && hostShares(row.hostStats).find((each) => each.share >= fullShare);
  return share && { why: 'load', share };
}

/** A row that needs attention, and why. */
export interface Concern {
  readonly instance: Instance;
  readonly attention: Attention;
}

/** The roster in a few numbers; those who only watch are counted apart. */
export interface Survey {
  readonly total: number;
  readonly online: number;
  /** Most recent first. */
  readonly left: readonly Instance[];
  /** Not heard from: idle, stale, unreachable. */
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
