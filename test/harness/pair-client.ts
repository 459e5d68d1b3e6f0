import type { HelloOk } from '../../src/protocol/index.ts';
import { assertAnswer } from './assert-frames.ts';
import { type ConnectOverrides, connectParams } from './connect-params.ts';
import { SocketPair } from './socket-pair.ts';
import type { Frame, RefusedFrame } from './wire-frame.ts';

/** What a client calls of the session at the other end. */
export interface SessionEnd {
  receive(text: string): void;
  answered(): void;
  drained(): void;
  closed(): void;
}

/** A client at the other end of a {@link SocketPair}: everything happens at once, in the same turn. */
export class PairClient {
  readonly transport: SocketPair = new SocketPair();
  /** Every frame that came in, in order. */
  readonly frames: Frame[] = [];
  readonly #session: SessionEnd;
  #requests = 0;

  constructor(accept: (transport: SocketPair) => SessionEnd, options: { answersPings?: boolean } = {}) {
    this.#session = accept(this.transport);
    if (options.answersPings !== false) this.transport.onPing = () => this.#session.answered();
  }

  /** Sends a text as it is. */
  send(text: string): void {
    this.#session.receive(text);
  }

  /** Sends a request and returns the frame that answers it. Throws when none does. */
  ask(method: string, params?: unknown): Frame {
    this.#requests += 1;
    const id = `r${this.#requests}`;
    this.send(JSON.stringify({ type: 'req', id, method, params }));
    const answer = this.received().findLast((frame) => frame.type === 'res' && frame.id === id);
    if (answer === undefined) throw new Error(`${method} was not answered`);
    return answer;
  }

  /** Sends a request and returns the payload of its answer. Throws when it is refused. */
  call<T>(method: string, params?: unknown): T {
    const answer = this.ask(method, params);
    if (answer.type !== 'res' || !answer.ok)
      throw new Error(`${method} was refused: ${JSON.stringify(answer)}`);
    assertAnswer(method, answer.payload);
    return answer.payload as T;
  }

  /** Sends a request that must be refused and returns the error. */
  refused(method: string, params?: unknown): RefusedFrame['error'] {
    const answer = this.ask(method, params);
    if (answer.type !== 'res' || answer.ok) throw new Error(`${method} was answered`);
    return answer.error;
  }

  connect(overrides: ConnectOverrides = {}): HelloOk {
    return this.call<HelloOk>('connect', connectParams(overrides));
  }

  /** Payloads of all events of one name. */
  events<T>(name: string): T[] {
    return this.received().flatMap((frame) =>
      frame.type === 'event' && frame.event === name ? [frame.payload as T] : [],
    );
  }

  /** All frames so far, what just came in included. */
  received(): readonly Frame[] {
    for (const text of this.transport.sent.splice(0)) this.frames.push(JSON.parse(text) as Frame);
    return this.frames;
  }

  /** The reader has drained. */
  drain(): void {
    this.transport.isBehind = false;
    this.transport.bufferedBytes = 0;
    this.#session.drained();
  }

  /** The socket is gone. */
  close(): void {
    this.#session.closed();
  }
}
