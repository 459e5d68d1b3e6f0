import { type ClientOptions, WebSocket } from 'ws';
import type { HelloOk } from '../../src/protocol/index.ts';
import { assertAnswer, assertFrame } from './assert-frames.ts';
import { type ConnectOverrides, connectParams } from './connect-params.ts';
import type { EventFrame, Frame, RefusedFrame } from './wire-frame.ts';

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A client on a real socket that sends any text, valid or not. Every frame received is checked. */
export class WireClient {
  readonly socket: WebSocket;
  /** Everything that came in, in order. */
  readonly frames: Frame[] = [];
  readonly closed: Promise<Closed>;
  #waiting: (() => void)[] = [];
  #fault: Error | undefined;
  #requests = 0;

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.socket.on('message', (data) => this.#take(String(data)));
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        this.#fault ??= new Error(`closed with ${code} "${reason}"`);
        this.#wake();
        resolve({ code, reason: String(reason) });
      });
    });
    // What matters of an error is the close that follows.
    this.socket.on('error', () => {});
  }

  /** The first frame, past or to come, that fits. Rejects when the connection ends or a bad frame comes first. */
  async frame<T extends Frame>(fits: (frame: Frame) => frame is T): Promise<T>;
  async frame(fits: (frame: Frame) => boolean): Promise<Frame>;
  async frame(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = this.frames.find(fits);
      if (frame !== undefined) return frame;
      if (this.#fault !== undefined) throw this.#fault;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  event(name: string, fits: (event: EventFrame) => boolean = () => true): Promise<EventFrame> {
    return this.frame(
      (frame): frame is EventFrame => frame.type === 'event' && frame.event === name && fits(frame),
    );
  }

  async nonce(): Promise<string> {
    const challenge = await this.event('connect.challenge');
    return (challenge.payload as { nonce: string }).nonce;
  }

  /** Sends a text, or bytes as a binary message. */
  send(message: string | Uint8Array): void {
    this.socket.send(message);
  }

  /** Sends a request and waits for its answer. */
  ask(method: string, params?: unknown): Promise<Frame> {
    this.#requests += 1;
    const id = `r${this.#requests}`;
    this.send(JSON.stringify({ type: 'req', id, method, params }));
    return this.answer(id);
  }

  answer(id: string): Promise<Frame> {
    return this.frame((frame) => frame.type === 'res' && frame.id === id);
  }

  /** Sends a request and waits for the payload of its answer; rejects when it is refused. */
  async call<T>(method: string, params?: unknown): Promise<T> {
    const answer = await this.ask(method, params);
    if (answer.type !== 'res' || !answer.ok)
      throw new Error(`${method} was refused: ${JSON.stringify(answer)}`);
    assertAnswer(method, answer.payload);
    return answer.payload as T;
  }

  /** Sends a request that must be refused and waits for the error. */
  async refused(method: string, params?: unknown): Promise<RefusedFrame['error']> {
    const answer = await this.ask(method, params);
    if (answer.type !== 'res' || answer.ok) throw new Error(`${method} was answered`);
    return answer.error;
  }

  /** Waits for the challenge and connects. */
  async connect(overrides: ConnectOverrides = {}): Promise<HelloOk> {
    await this.nonce();
    return this.call<HelloOk>('connect', connectParams(overrides));
  }

  /** Closes as a client does and waits until the socket is gone. */
  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #take(text: string): void {
    try {
      assertFrame(text);
      this.frames.push(JSON.parse(text) as Frame);
    } catch (fault) {
      this.#fault = fault as Error;
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
