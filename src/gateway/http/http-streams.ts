import type { ServerResponse } from 'node:http';
import type { Change, Instant } from '../../core/index.ts';
import { type Audience, deltaJson, type Pass, stateJson } from '../fan-out/audience.ts';
import type { ChangeLog } from '../fan-out/change-log.ts';
import type { FanOut } from '../fan-out/fan-out.ts';
import type { Presence } from '../presence/presence.ts';
import type { RosterLists } from '../presence/roster-lists.ts';
import type { PeriodicTask } from '../time/schedule.ts';
import type { MessageParts } from '../transport.ts';
import { HttpStream } from './http-stream.ts';

export interface HttpStreamsOptions {
  readonly presence: Presence;
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
export class HttpStreams implements PeriodicTask {
  readonly #options: HttpStreamsOptions;
  readonly #streams = new Set<HttpStream>();
  readonly #audience: Audience;
  #tickMonoMs: number;

  constructor(options: HttpStreamsOptions) {
    this.#options = options;
    this.#tickMonoMs = options.presence.now().monoMs + options.tickIntervalMs;
    const { lists, presence } = options;
    this.#audience = {
      ofPass: (pass) => this.#event('delta', pass.to, deltaJson(pass, presence.epoch, lists)),
      ofState: (version, now) =>
        this.#event('snapshot', version, stateJson(version, now, presence.epoch, lists)),
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
    const stream = new HttpStream({ ...request, audience: this.#audience, maxBufferedBytes, onSlow });
    this.#streams.add(stream);
    response.once('close', () => this.#remove(stream));
    response.on('drain', () => {
      stream.drained();
      if (stream.missedPass) fanOut.sendState(stream);
    });
    fanOut.add(stream);
    if (!this.#resume(stream, lastEventId)) fanOut.sendState(stream);
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

  #end(stream: HttpStream): void {
    this.#remove(stream);
    stream.end();
  }

  #remove(stream: HttpStream): void {
    this.#options.fanOut.remove(stream);
    this.#streams.delete(stream);
  }

  #resume(stream: HttpStream, lastEventId: string | undefined): boolean {
    const changes = this.#missedSince(lastEventId);
    if (changes === undefined) return false;
    const { presence } = this.#options;
    const from = versionOf(lastEventId);
    const to = presence.roster.version;
    stream.sentVersion = to;
    const pass: Pass = { from, to, now: presence.now(), changes };
    if (to > from) stream.sendEvent(this.#audience.ofPass(pass));
    return true;
  }

  #missedSince(lastEventId: string | undefined): readonly Change[] | undefined {
    const { presence, log } = this.#options;
    const version = versionOf(lastEventId);
    const isHere = lastEventId?.slice(0, lastEventId.lastIndexOf(':')) === presence.epoch;
    return isHere && version >= 0 && version <= presence.roster.version ? log.since(version) : undefined;
  }

  #event(name: string, version: number, json: MessageParts): MessageParts {
    const { epoch } = this.#options.presence;
    const parts = [`id: ${epoch}:${version}\nevent: ${name}\ndata: `, ...json, '\n\n'];
    return [Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))];
  }
}

/** The version of an event id, -1 when it has none. */
function versionOf(eventId: string | undefined): number {
  const digits = /:(\d{1,15})$/.exec(eventId ?? '')?.[1];
  return digits === undefined ? -1 : Number(digits);
}
