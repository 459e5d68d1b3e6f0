import type { InstanceChange } from './instance.ts';
import { applyDelta, applyList, type Outcome, type RosterView } from './view.ts';
import type { PresenceDelta, PresenceList } from './wire.ts';

/** A view that follows deltas, and the deltas that wait for a list that is under way. */
export interface Sync {
  readonly view: RosterView;
  /** Set while a list was asked for and has not come. */
  readonly waiting?: readonly PresenceDelta[];
}

/** A sync after an input. `ask`: read `presence.list` now. */
export interface SyncOutcome {
  readonly sync: Sync;
  readonly changes: readonly InstanceChange[];
  readonly ask: boolean;
}

/** More than this need not wait: the gap that they leave makes the next list be asked for. */
const maxWaiting = 256;

/** Takes a delta: applies it, keeps it for after the list, or asks for the list. */
export function receiveDelta(sync: Sync, delta: PresenceDelta): SyncOutcome {
  if (sync.waiting) return { sync: wait(sync, delta), changes: [], ask: false };
  const { view, changes, needs } = applyDelta(sync.view, delta);
  if (needs === 'list') return { sync: { view, waiting: [delta] }, changes, ask: true };
  return { sync: { view }, changes, ask: false };
}

/** Takes the list, then the deltas that waited; asks again when they do not fit together. */
export function receiveList(sync: Sync, list: PresenceList): SyncOutcome {
  let outcome: Outcome = applyList(sync.view, list);
  const changes = [...outcome.changes];
  const waiting = sync.waiting ?? [];
  for (const [index, delta] of waiting.entries()) {
    outcome = applyDelta(outcome.view, delta);
    if (outcome.needs)
      return { sync: { view: outcome.view, waiting: waiting.slice(index) }, changes, ask: true };
    changes.push(...outcome.changes);
  }
  return { sync: { view: outcome.view }, changes, ask: false };
}

/** Something was missed: the list is to be asked for, unless it is under way. */
export function missedSomething(sync: Sync): SyncOutcome {
  return { sync: { view: sync.view, waiting: sync.waiting ?? [] }, changes: [], ask: !sync.waiting };
}

function wait(sync: Sync, delta: PresenceDelta): Sync {
  const waiting = sync.waiting ?? [];
  return { view: sync.view, waiting: waiting.length < maxWaiting ? [...waiting, delta] : [delta] };
}
