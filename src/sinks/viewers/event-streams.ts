import type { ServerResponse } from 'node:http';
import type { Change, Instant, PresenceReader } from '../../core/index.ts';
import type { JournalReader } from '../journal/journal-sink.ts';
import type { ChangeLog } from './change-log.ts';
import { deltaJson, type Encoder, type Flush, snapshotJson } from './encoder.ts';
import { EventStream } from './event-stream.ts';
import type { FanOut } from './fan-out.ts';
import { FilteredEncoder, type RowFilter } from './filtered-encoder.ts';
import { JournalEvents } from './journal-events.ts';
import type { RosterLists } from './roster-json.ts';
import { joinParts, type MessageParts } from './roster-json.ts';
import type { UnreadBytes } from './unread-bytes.ts';

export interface EventStreamsOptions {
  readonly presence: PresenceReader;
  readonly lists: RosterLists;
  readonly fanOut: FanOut;
  readonly log: ChangeLog;
  readonly journal: JournalReader;
  readonly tickIntervalMs: number;
  /** Most bytes that may wait for one slow reader (PL2). */
  readonly maxBufferedBytes: number;
  /** Bounds what all readers leave unread (PL8). */
  readonly unread: UnreadBytes;
  /** A reader was cut off for being too slow. */
  readonly onSlow: () => void;
}

/** A reader that wants to start. */
export interface StreamRequest {
  /** An answer whose head is not sent yet. */
  readonly response: ServerResponse;
  readonly head: Readonly<Record<string, string>>;
  /** Name of the credential that opened it. */
  readonly credential: string;
  /** Where the reader was; it goes on there when that is still known, and gets a snapshot otherwise. */
  readonly lastEventId: string | undefined;
  /** From where on the reader wants the journal: a cursor, `now`, or `undefined` for not at all (PJ11). */
  readonly journalFrom?: string | undefined;
  /** Sends `notice` events too (PN16). */
  readonly wantsNotices: boolean;
  /** Only these rows (PE5); all of them without it. */
  readonly filter?: RowFilter | undefined;
}

/**
 * All readers of `GET /api/v1/presence/stream`.
 *
 * Events: `snapshot` and `delta` have the payload of `presence.delta`, a snapshot being a delta from 0; `tick {ts}`
 * keeps the line open and the clock known; `shutdown {reason}` is the last. The id of an event is `EPOCH:VERSION`,
 * and of a stream with the journal `EPOCH:VERSION;CURSOR`.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #streams = new Set<EventStream>();
  /** With the id, which is the same for everybody; and without it, for streams with the journal. */
  readonly #encoder: Encoder;
  readonly #bareEncoder: Encoder;
  readonly #journal: JournalEvents;
  #tickMonoMs: number;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#tickMonoMs = options.presence.now().monoMs + options.tickIntervalMs;
    this.#encoder = this.#encoderOf(this.#idOf);
    this.#bareEncoder = this.#encoderOf(() => '');
    this.#journal = new JournalEvents(options.journal);
  }

  readonly #idOf = (version: number): string => `id: ${this.#options.presence.epoch}:${version}\n`;

  get size(): number {
    return this.#streams.size;
  }

  /** Starts a stream; nothing happens when the reader has left already. */
  open({ lastEventId, journalFrom, filter, ...request }: StreamRequest): void {
    const { response } = request;
    if (response.destroyed) return;
    const { fanOut, maxBufferedBytes, unread, onSlow, presence } = this.#options;
    const encoder = this.#encoderFor(journalFrom !== undefined, filter);
    const { epoch } = presence;
    const stream = new EventStream({ ...request, epoch, encoder, maxBufferedBytes, unread, onSlow });
    this.#streams.add(stream);
    response.once('close', () => {
      unread.remove(stream);
      this.#remove(stream);
    });
    response.on('drain', () => {
      stream.drained();
      this.#journal.catchUp(stream);
      fanOut.drained(stream);
    });
    const [place = '', cursor] = lastEventId?.split(';', 2) ?? [];
    // Which rows a filtered reader had is not known any more.
    const changes = filter === undefined ? this.#missedSince(place) : undefined;
    if (changes !== undefined) stream.sentVersion = versionOf(place);
    if (journalFrom !== undefined) this.#journal.add(stream, cursor ?? journalFrom);
    fanOut.add(stream);
    if (stream.isBehind) stream.needsSnapshot = true;
    else if (changes === undefined) fanOut.sendSnapshot(stream);
    else this.#resume(stream, changes);
  }

  /** Sends `tick` to everybody once per interval. */
  run(now: Instant): number | undefined {
    if (now.monoMs < this.#tickMonoMs) return this.#tickMonoMs;
    this.#tickMonoMs = now.monoMs + this.#options.tickIntervalMs;
    const tick = [`event: tick\ndata: {"ts":${Math.round(now.wallMs)}}\n\n`];
    for (const stream of this.#streams) {
      const { encoder } = stream;
      const isCurrent = !stream.isBehind && !stream.needsSnapshot;
      if (encoder instanceof FilteredEncoder && isCurrent) stream.sendEvent(encoder.encodeTime(now));
      stream.tick(tick);
    }
    return this.#tickMonoMs;
  }

  /** Tells those who asked for it of a notice (PN16); it has no id, since it is no place in the list. */
  notice(message: object): void {
    const event = [`event: notice\ndata: ${JSON.stringify(message)}\n\n`];
    for (const stream of this.#streams) if (stream.wantsNotices) stream.send(event);
  }

  /** Ends all streams. */
  close(reason: string): void {
    const goodbye = [`event: shutdown\ndata: ${JSON.stringify({ reason })}\n\n`];
    for (const stream of [...this.#streams]) {
      stream.send(goodbye);
      this.#end(stream);
    }
  }

  /** Ends the streams that one credential opened: it was revoked (PA2). */
  closeOf(credential: string): void {
    for (const stream of [...this.#streams]) if (stream.credential === credential) this.#end(stream);
  }

  #end(stream: EventStream): void {
    this.#remove(stream);
    stream.end();
  }

  #remove(stream: EventStream): void {
    this.#options.fanOut.remove(stream);
    this.#journal.remove(stream);
    this.#streams.delete(stream);
  }

  #resume(stream: EventStream, changes: readonly Change[]): void {
    const { presence } = this.#options;
    const from = stream.sentVersion;
    const to = presence.version;
    stream.sentVersion = to;
    const flush: Flush = { from, to, now: presence.now(), changes };
    if (to > from) stream.sendEvent(stream.encoder.encodeDelta(flush));
  }

  #missedSince(lastEventId: string): readonly Change[] | undefined {
    const { presence, log } = this.#options;
    const version = versionOf(lastEventId);
    const isHere = lastEventId.slice(0, lastEventId.lastIndexOf(':')) === presence.epoch;
    return isHere && version >= 0 && version <= presence.version ? log.since(version) : undefined;
  }

  #encoderFor(isBare: boolean, filter: RowFilter | undefined): Encoder {
    if (filter === undefined) return isBare ? this.#bareEncoder : this.#encoder;
    const { lists, presence } = this.#options;
    const event = eventOf(isBare ? () => '' : this.#idOf);
    return new FilteredEncoder({ presence, lists, filter, event });
  }

  #encoderOf(idOf: (version: number) => string): Encoder {
    const { lists, presence } = this.#options;
    const event = eventOf(idOf);
    return {
      encodeDelta: (flush) => event('delta', flush.to, deltaJson(flush, presence.epoch, lists)),
      encodeSnapshot: (version, now) =>
        event('snapshot', version, snapshotJson(version, now, presence.epoch, lists)),
    };
  }
}

/** Makes server-sent events, each in one buffer. */
function eventOf(
  idOf: (version: number) => string,
): (name: string, version: number, json: MessageParts) => MessageParts {
  return (name, version, json) => [joinParts([`${idOf(version)}event: ${name}\ndata: `, ...json, '\n\n'])];
}

/** The version of an event id, -1 when it has none. */
function versionOf(eventId: string): number {
  const digits = /:(\d{1,15})$/.exec(eventId)?.[1];
  return digits === undefined ? -1 : Number(digits);
}
