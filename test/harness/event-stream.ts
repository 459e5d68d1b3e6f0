import type { IncomingMessage } from 'node:http';
import type { PresenceDelta } from '../../src/protocol/index.ts';
import { type HttpAsk, openHttp } from './http-client.ts';
import type { ListeningGateway } from './listening-gateway.ts';

/** One server-sent event. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events freely.
  readonly data: any;
}

/** A reader of `GET /api/v1/presence/stream` that keeps everything it read. */
export class EventStream {
  readonly events: StreamEvent[] = [];
  readonly response: IncomingMessage;
  /** The stream ended, either way. */
  readonly ended: Promise<void>;
  #isEnded = false;
  #rest = '';
  #waiting: (() => void)[] = [];

  constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#take(text));
    response.on('error', () => {});
    this.ended = new Promise((resolve) => {
      response.once('close', () => {
        this.#isEnded = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** The first event, past or to come, that fits; rejects when the stream ends first. */
  async event(name: string, fits: (event: StreamEvent) => boolean = () => true): Promise<StreamEvent> {
    for (;;) {
      const found = this.events.find((event) => event.name === name && fits(event));
      if (found !== undefined) return found;
      if (this.#isEnded) throw new Error(`the stream ended without ${name}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits until the reader knows a version. */
  async reached(version: number): Promise<void> {
    await this.#until(() => this.version >= version, `version ${version}`);
  }

  /** Version of the newest state that was read. */
  get version(): number {
    return Math.max(0, ...this.deltas.map(({ to }) => to));
  }

  get deltas(): readonly PresenceDelta[] {
    return this.events.filter(({ id }) => id !== undefined).map(({ data }) => data as PresenceDelta);
  }

  /** The rows by key, snapshot and deltas applied as docs/protocol.md says. */
  rows(before: ReadonlyMap<string, object> = new Map()): Map<string, object> {
    const rows = new Map(before);
    for (const { from, upsert, remove } of this.deltas) {
      if (from === 0) rows.clear();
      for (const key of remove) rows.delete(key);
      for (const view of upsert) rows.set(view.key, view);
    }
    return rows;
  }

  get lastEventId(): string | undefined {
    return this.events.findLast(({ id }) => id !== undefined)?.id;
  }

  close(): void {
    this.response.destroy();
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    while (!holds()) {
      if (this.#isEnded) throw new Error(`the stream ended before ${what}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #take(text: string): void {
    this.#rest += text;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.events.push(eventOf(block));
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Opens a stream; the answer must be one. */
export async function openStream(
  gateway: Pick<ListeningGateway, 'url'>,
  { lastEventId, ...ask }: HttpAsk & { readonly lastEventId?: string | undefined } = {},
): Promise<EventStream> {
  const resuming = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const headers = { accept: 'text/event-stream', ...resuming, ...ask.headers };
  const response = await openHttp(gateway, '/api/v1/presence/stream', { ...ask, headers });
  if (response.statusCode !== 200) throw new Error(`the stream was refused with ${response.statusCode}`);
  return new EventStream(response);
}

function eventOf(block: string): StreamEvent {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  return {
    id: fields.get('id'),
    name: fields.get('event') ?? 'message',
    data: JSON.parse(fields.get('data') ?? ''),
  };
}
