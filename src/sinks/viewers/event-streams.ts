import type { ServerResponse } from 'node:http';
import type { Change, Instant, PresenceReader } from '../../core/index.ts';
import type { ChangeLog } from './change-log.ts';
import { deltaJson, type Encoder, type Flush, type Subscriber, snapshotJson } from './encoder.ts';
import type { FanOut } from './fan-out.ts';
import { joinParts, type MessageParts } from './message-parts.ts';
import type { RosterLists } from './roster-json.ts';

export interface EventStreamsOptions {
  readonly presence: PresenceReader;
  readonly lists: RosterLists;
  readonly fanOut: FanOut;
  readonly log: ChangeLog;
  readonly tickIntervalMs: number;
  /** Most bytes that may wait for one slow reader (PL2). */
  readonly maxBufferedBytes: number;
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
}

/**
 * All readers of `GET /api/v1/presence/stream`.
 *
 * Events: `snapshot` and `delta` have the payload of `presence.delta`, a snapshot being a delta from 0; `tick {ts}`
 * keeps the line open and the clock known; `shutdown {reason}` is the last. The id of an event is `EPOCH:VERSION`.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #streams = new Set<EventStream>();
  readonly #encoder: Encoder;
  #tickMonoMs: number;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#tickMonoMs = options.presence.now().monoMs + options.tickIntervalMs;
    const { lists, presence } = options;
    this.#encoder = {
      encodeDelta: (flush) => this.#event('delta', flush.to, deltaJson(flush, presence.epoch, lists)),
      encodeSnapshot: (version, now) =>
        this.#event('snapshot', version, snapshotJson(version, now, presence.epoch, lists)),
    };
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Starts a stream; nothing happens when the reader has left already. */
  open({ lastEventId, ...request }: StreamRequest): void {
    const { response } = request;
    if (response.destroyed) return;
    const { fanOut, maxBufferedBytes, onSlow } = this.#options;
    const stream = new EventStream({ ...request, encoder: this.#encoder, maxBufferedBytes, onSlow });
    this.#streams.add(stream);
    response.once('close', () => this.#remove(stream));
    response.on('drain', () => {
      stream.drained();
      if (stream.needsSnapshot) fanOut.sendSnapshot(stream);
    });
    fanOut.add(stream);
    if (!this.#resume(stream, lastEventId)) fanOut.sendSnapshot(stream);
  }

  /** Sends `tick` to everybody once per interval. */
  run(now: Instant): number | undefined {
    if (now.monoMs < this.#tickMonoMs) return this.#tickMonoMs;
    this.#tickMonoMs = now.monoMs + this.#options.tickIntervalMs;
    const tick = [`event: tick\ndata: {"ts":${Math.round(now.wallMs)}}\n\n`];
    for (const stream of this.#streams) stream.tick(tick);
    return this.#tickMonoMs;
  }

  /** Ends all streams. */
  close(reason: string): void {
    const goodbye = [`event: shutdown\ndata: ${JSON.stringify({ reason })}\n\n`];
    for (const stream of [...this.#streams]) {
      stream.sendEvent(goodbye);
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
    this.#streams.delete(stream);
  }

  #resume(stream: EventStream, lastEventId: string | undefined): boolean {
    const changes = this.#missedSince(lastEventId);
    if (changes === undefined) return false;
    const { presence } = this.#options;
    const from = versionOf(lastEventId);
    const to = presence.version;
    stream.sentVersion = to;
    const flush: Flush = { from, to, now: presence.now(), changes };
    if (to > from) stream.sendEvent(this.#encoder.encodeDelta(flush));
    return true;
  }

  #missedSince(lastEventId: string | undefined): readonly Change[] | undefined {
    const { presence, log } = this.#options;
    const version = versionOf(lastEventId);
    const isHere = lastEventId?.slice(0, lastEventId.lastIndexOf(':')) === presence.epoch;
    return isHere && version >= 0 && version <= presence.version ? log.since(version) : undefined;
  }

  #event(name: string, version: number, json: MessageParts): MessageParts {
    const { epoch } = this.#options.presence;
    const parts = [`id: ${epoch}:${version}\nevent: ${name}\ndata: `, ...json, '\n\n'];
    return [joinParts(parts)];
  }
}

/** The version of an event id, -1 when it has none. */
function versionOf(eventId: string | undefined): number {
  const digits = /:(\d{1,15})$/.exec(eventId ?? '')?.[1];
  return digits === undefined ? -1 : Number(digits);
}

interface EventStreamOptions {
  /** An answer whose head is not sent yet. */
  readonly response: ServerResponse;
  readonly head: Readonly<Record<string, string>>;
  /** Name of the credential that opened it. */
  readonly credential: string;
  readonly encoder: Encoder;
  /** Most bytes that may wait for the reader (PL2). */
  readonly maxBufferedBytes: number;
  /** The reader was cut off for being too slow. */
  readonly onSlow: () => void;
}

/** One reader of server-sent events. */
class EventStream implements Subscriber {
  sentVersion = 0;
  needsSnapshot = false;
  readonly #options: EventStreamOptions;
  #wasBehind = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    const { response, head } = options;
    response.writeHead(200, head);
    response.flushHeaders();
  }

  get encoder(): Encoder {
    return this.#options.encoder;
  }

  get credential(): string {
    return this.#options.credential;
  }

  get isBehind(): boolean {
    return this.#options.response.writableNeedDrain;
  }

  /** A message larger than the bound is sent; whoever has that much unread when the next one comes is cut off. */
  sendEvent(message: MessageParts): void {
    const { response, maxBufferedBytes } = this.#options;
    if (response.writableLength > maxBufferedBytes) return this.#cutOff();
    for (const part of message) response.write(part);
  }

  /** To be called at every tick; a reader that took nothing from one tick to the next but one is cut off. */
  tick(message: MessageParts): void {
    if (!this.isBehind) {
      this.#wasBehind = false;
      return this.sendEvent(message);
    }
    if (this.#wasBehind) return this.#cutOff();
    this.#wasBehind = true;
  }

  /** The reader has taken everything. */
  drained(): void {
    this.#wasBehind = false;
  }

  end(): void {
    this.#options.response.end();
  }

  /** It comes back with its `Last-Event-ID`. */
  #cutOff(): void {
    this.#options.onSlow();
    this.#options.response.destroy();
  }
}
