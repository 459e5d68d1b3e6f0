import type { ServerResponse } from 'node:http';
import type { Audience } from '../fan-out/audience.ts';
import type { Viewer } from '../fan-out/viewer.ts';
import type { MessageParts } from '../transport.ts';

export interface HttpStreamOptions {
  /** An answer whose head is not sent yet. */
  readonly response: ServerResponse;
  readonly head: Readonly<Record<string, string>>;
  /** Name of the credential that opened it. */
  readonly credential: string;
  readonly audience: Audience;
  /** Most bytes that may wait for the reader (PL2). */
  readonly maxBufferedBytes: number;
  /** The reader was cut off for being too slow. */
  readonly onSlow: () => void;
}

/** One reader of server-sent events. */
export class HttpStream implements Viewer {
  sentVersion = 0;
  missedPass = false;
  readonly #options: HttpStreamOptions;
  #wasBehind = false;

  constructor(options: HttpStreamOptions) {
    this.#options = options;
    const { response, head } = options;
    response.writeHead(200, head);
    response.flushHeaders();
  }

  get audience(): Audience {
    return this.#options.audience;
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
