import type { Cause, Change, Instant } from '../../core/index.ts';
import { eventFrameHead, eventFrameMiddle } from '../../protocol/index.ts';
import { joinFragments, joinParts, type MessageParts, type RosterLists } from './roster-json.ts';

/** The changes of one flush: the last one of each row that changed since the flush before. */
export interface Flush {
  /** Roster version of the flush before. */
  readonly from: number;
  /** Roster version after these changes. */
  readonly to: number;
  readonly now: Instant;
  readonly changes: Iterable<Change>;
}

/**
 * Encodes messages for all subscribers of one kind: each message is made once per flush, whatever their number.
 *
 * A subscriber adds what is its own (a sequence number) at the end.
 */
export interface Encoder {
  /** The changes of a flush. */
  encodeDelta(flush: Flush): MessageParts;
  /** The newest state, for a subscriber that starts or that missed flushes (PL2). */
  encodeSnapshot(version: number, now: Instant): MessageParts;
}

/** JSON of the delta of a flush (PE2). */
export function deltaJson(flush: Flush, epoch: string, lists: RosterLists): MessageParts {
  const upserts: Uint8Array[] = [];
  const removed: string[] = [];
  const causes: [string, Cause][] = [];
  for (const change of flush.changes) {
    if (change.kind === 'upsert') upserts.push(lists.view(change.view));
    else {
      removed.push(change.key);
      if (change.cause !== undefined) causes.push([change.key, change.cause]);
    }
  }
  return deltaParts({ ...flush, epoch, upsert: ['[', joinFragments(upserts), ']'], removed, causes });
}

/** JSON of a delta from nothing: the whole roster. */
export function snapshotJson(version: number, now: Instant, epoch: string, lists: RosterLists): MessageParts {
  return deltaParts({ from: 0, to: version, now, epoch, upsert: lists.views(), removed: [], causes: [] });
}

interface Delta {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly now: Instant;
  readonly upsert: MessageParts;
  readonly removed: readonly string[];
  readonly causes: readonly (readonly [string, Cause])[];
}

/** JSON of a delta. */
export function deltaParts({ epoch, from, to, now, upsert, removed, causes }: Delta): MessageParts {
  const head = `{"epoch":${JSON.stringify(epoch)},"from":${from},"to":${to},"now":${Math.round(now.wallMs)}`;
  const why = causes.length === 0 ? '' : `,"causes":${JSON.stringify(Object.fromEntries(causes))}`;
  return [`${head},"upsert":`, ...upsert, `,"remove":${JSON.stringify(removed)}${why}}`];
}

/** The two encoders of WebSocket clients. */
export interface EventEncoders {
  /** OpenClaw's own clients: a `presence` event with the whole list after every flush (PW7). */
  readonly list: Encoder;
  /** Clients with the capability `presence-delta` (PE2). */
  readonly delta: Encoder;
}

/** Makes the encoders of events; their messages end before the sequence number. */
export function eventEncoders(options: { lists: RosterLists; epoch: string }): EventEncoders {
  const { lists, epoch } = options;
  const list: Encoder = {
    encodeDelta: ({ to, now }) => list.encodeSnapshot(to, now),
    encodeSnapshot: (version) => event('presence', ['{"presence":', ...lists.entries(), '}'], version),
  };
  const delta: Encoder = {
    encodeDelta: (flush) => event('presence.delta', deltaJson(flush, epoch, lists), flush.to),
    encodeSnapshot: (version, now) =>
      event('presence.delta', snapshotJson(version, now, epoch, lists), version),
  };
  return { list, delta };
}

/** The bytes of an event up to the sequence number, encoded once for all subscribers. */
function event(name: string, payload: MessageParts, version: number): MessageParts {
  const parts = [eventFrameHead(name), ...payload, eventFrameMiddle({ presence: version, health: 0 })];
  return [joinParts(parts)];
}

/** Receives every change: a session that may read presence, or an HTTP stream. */
export interface Subscriber {
  readonly encoder: Encoder;
  /** Roster version that was sent last. */
  sentVersion: number;
  /** A flush was skipped because the reader was behind; it gets the newest state when it has drained (PL2). */
  needsSnapshot: boolean;
  readonly isBehind: boolean;
  /** Sends one message of the encoder, with what is the subscriber's own at the end. */
  sendEvent(message: MessageParts): void;
}
