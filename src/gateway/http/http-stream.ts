import type { ServerResponse } from 'node:http';
import type { Audience } from '../audience.ts';
import type { MessageParts } from '../transport.ts';
import type { Viewer } from '../viewer.ts';

/** One reader of server-sent events. */
export class HttpStream implements Viewer {
  readonly audience: Audience;
  /** Name of the credential that opened it. */
  readonly credential: string;
  sentVersion = 0;
  missedPass = false;
  readonly #response: ServerResponse;
  readonly #maxBufferedBytes: number;

  constructor(options: {
    response: ServerResponse;
    credential: string;
    audience: Audience;
    maxBufferedBytes: number;
  }) {
    this.#response = options.response;
    this.#maxBufferedBytes = options.maxBufferedBytes;
    this.audience = options.audience;
    this.credential = options.credential;
    this.#response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // Proxies of the nginx family would else collect events before they pass them on.
      'X-Accel-Buffering': 'no',
    });
    this.#response.flushHeaders();
  }

  get isBehind(): boolean {
    return this.#response.writableNeedDrain;
  }

  sendEvent(message: MessageParts): void {
    for (const part of message) this.#response.write(part);
    // A reader that lets even single events pile up is cut off; it comes back with its Last-Event-ID.
    if (this.#response.writableLength > this.#maxBufferedBytes) this.#response.destroy();
  }

  end(): void {
    this.#response.end();
  }
}
