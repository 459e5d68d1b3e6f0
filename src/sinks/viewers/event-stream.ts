import type { ServerResponse } from 'node:http';
import type { Encoder, Subscriber } from './encoder.ts';
import type { MessageParts } from './roster-json.ts';
import type { SlowReader, UnreadBytes } from './unread-bytes.ts';

export interface EventStreamOptions {
  /** An answer whose head is not sent yet. */
  readonly response: ServerResponse;
  readonly head: Readonly<Record<string, string>>;
  /** Name of the credential that opened it. */
  readonly credential: string;
  /** Gets `notice` events too (PN16). */
  readonly wantsNotices: boolean;
  /** Run of the gateway, for the ids of events. */
  readonly epoch: string;
  readonly encoder: Encoder;
  /** Most bytes that may wait for the reader (PL2). */
  readonly maxBufferedBytes: number;
  /** Bounds what all readers leave unread (PL8). */
  readonly unread: UnreadBytes;
  /** The reader was cut off for being too slow. */
  readonly onSlow: () => void;
}

/** One reader of server-sent events. */
export class EventStream implements Subscriber, SlowReader {
  sentVersion = 0;
  needsSnapshot = false;
  /** Up to where the reader has the journal; `undefined` for one who does not read it (PJ11). */
  journalCursor: string | undefined;
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

  get wantsNotices(): boolean {
    return this.#options.wantsNotices;
  }

  get isBehind(): boolean {
    return this.#options.response.writableNeedDrain;
  }

  /** Sends an event of the encoder, nothing when it has nothing to say; for a reader of the journal with an id that says how far it is in both. */
  sendEvent(message: MessageParts): void {
    if (message.length === 0) return;
    const { epoch } = this.#options;
    if (this.journalCursor === undefined) this.send(message);
    else this.send([`id: ${epoch}:${this.sentVersion};${this.journalCursor}\n`, ...message]);
  }

  /** A message larger than the bound is sent; whoever has that much unread when the next one comes is cut off. */
  send(message: MessageParts): void {
    const { response, maxBufferedBytes, unread } = this.#options;
    if (response.writableLength > maxBufferedBytes) return this.drop();
    for (const part of message) response.write(part);
    if (this.isBehind) unread.sent(this, message);
  }

  /** To be called at every tick; a reader that took nothing from one tick to the next but one is cut off. */
  tick(message: MessageParts): void {
    if (!this.isBehind) {
      this.#wasBehind = false;
      return this.send(message);
    }
    if (this.#wasBehind) return this.drop();
    this.#wasBehind = true;
  }

  /** The reader has taken everything. */
  drained(): void {
    this.#wasBehind = false;
    this.#options.unread.remove(this);
  }

  get unreadBytes(): number {
    return this.#options.response.writableLength;
  }

  end(): void {
    this.#options.response.end();
  }

  /** It comes back with its `Last-Event-ID`. */
  drop(): void {
    this.#options.onSlow();
    this.#options.response.destroy();
  }
}
