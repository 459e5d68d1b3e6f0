import type { Change, Instant } from '../../core/index.ts';
import { joinPieces } from '../presence/piece-cache.ts';
import type { RosterLists } from '../presence/roster-lists.ts';
import type { MessageParts } from '../transport.ts';

/** The changes of one pass: the last one of each row that changed since the pass before. */
export interface Pass {
  /** Roster version of the pass before. */
  readonly from: number;
  /** Roster version after these changes. */
  readonly to: number;
  readonly now: Instant;
  readonly changes: Iterable<Change>;
}

/**
 * Viewers who get the same bytes: what is said to them is made once per pass, whatever their number.
 *
 * A viewer adds what is its own (a sequence number) at the end.
 */
export interface Audience {
  /** What a viewer is told in a pass. */
  ofPass(pass: Pass): MessageParts;
  /** The newest state, for a viewer that starts or that missed passes (PL2). */
  ofState(version: number, now: Instant): MessageParts;
}

/** JSON of the delta of a pass (PE2). */
export function deltaJson(pass: Pass, epoch: string, lists: RosterLists): MessageParts {
  const upserts: Uint8Array[] = [];
  const removed: string[] = [];
  for (const change of pass.changes) {
    if (change.kind === 'upsert') upserts.push(lists.view(change.view));
    else removed.push(change.key);
  }
  return delta({ ...pass, epoch, upsert: ['[', joinPieces(upserts), ']'], removed });
}

/** JSON of a delta from nothing: the whole roster. */
export function stateJson(version: number, now: Instant, epoch: string, lists: RosterLists): MessageParts {
  return delta({ from: 0, to: version, now, epoch, upsert: lists.views(now), removed: [] });
}

interface Delta {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly now: Instant;
  readonly upsert: MessageParts;
  readonly removed: readonly string[];
}

function delta({ epoch, from, to, now, upsert, removed }: Delta): MessageParts {
  const head = `{"epoch":${JSON.stringify(epoch)},"from":${from},"to":${to},"now":${Math.round(now.wallMs)}`;
  return [`${head},"upsert":`, ...upsert, `,"remove":${JSON.stringify(removed)}}`];
}
