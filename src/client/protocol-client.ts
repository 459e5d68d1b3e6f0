import { GatewayRequestError, RequestBook } from './request-book.ts';
import type { ClientSocket, SocketHandlers } from './socket.ts';
import { fields, isCount } from './wire.ts';

/** An event of the gateway. */
export interface EventFrame {
  readonly event: string;
  readonly payload?: unknown;
  /** Counts the events of one socket, from 1. */
  readonly seq?: number;
  readonly stateVersion?: { readonly presence?: number };
}

/** The answer to `connect`, as far as clients of presence read it. Gateways may leave out everything but `server` and `protocol`. */
export interface HelloOk {
  readonly protocol: number;
  readonly server: { readonly version: string; readonly connId: string };
  readonly features?: { readonly methods?: string[]; readonly capabilities?: string[] };
  readonly snapshot?: unknown;
  readonly auth?: { readonly role?: string; readonly scopes?: string[]; readonly deviceToken?: string };
  readonly policy?: { readonly tickIntervalMs?: number };
}

/** What the challenge of a socket holds. */
export interface ConnectChallenge {
  readonly nonce: string;
  /** The gateway's clock, milliseconds since the epoch; absent in old gateways. */
  readonly challengeTs: number | undefined;
}

/** How a socket ended. */
export interface CloseContext {
  readonly code: number;
  readonly reason: string;
  readonly socketOpened: boolean;
  /** `connect` was sent. */
  readonly connectRequestSent: boolean;
  /** Why the handshake failed. */
  readonly error?: Error;
}

/** What follows a close: another socket after a delay in milliseconds, or none. */
export type CloseDecision = { readonly retry: false } | { readonly retry: true; readonly delayMs: number };

/** What a protocol client depends on; credentials, backoff and the meaning of events are decided by its owner. */
export interface ProtocolClientOptions {
  createSocket(handlers: SocketHandlers): ClientSocket;
  /** The parameters of `connect`; a rejection closes the socket and arrives in `onPlanError`. */
  connectParams(challenge: ConnectChallenge): unknown;
  onPlanError?(error: Error): void;
  onHello(hello: HelloOk): void;
  /** `connect` was refused; the close follows. */
  onConnectFailure?(error: GatewayRequestError): void;
  /** The transport failed before the handshake, or there was no challenge in time. */
  onTransportError?(error: Error): void;
  /** The address can never work. */
  onSocketFactoryError(error: Error): void;
  onClose(context: CloseContext): CloseDecision;
  onEvent?(frame: EventFrame): void;
  /** Numbers of events were skipped: some are lost. */
  onGap?(): void;
  /** Something arrived. */
  onActivity?(): void;
  /** A callback threw; everything else continues. */
  onCallbackError?(label: string, error: unknown): void;
  /** The longest wait for the challenge, and again for the answer to `connect`; milliseconds. */
  readonly handshakeTimeoutMs: number;
  /** The longest wait for any other answer, milliseconds. */
  readonly requestTimeoutMs: number;
}

/** The state of one socket. */
interface Link {
  socket?: ClientSocket;
  isOpen: boolean;
  challenge?: ConnectChallenge;
  isConnectSent: boolean;
  isConnected: boolean;
  lastSeq?: number;
  error?: Error;
}

/**
 * The client side of the gateway's protocol over one socket at a time: challenge, `connect`, requests with their answers, numbered events, and
 * another socket after a close when `onClose` returns a delay. Browser-safe.
 */
export class ProtocolClient {
  readonly #options: ProtocolClientOptions;
  readonly #requests: RequestBook;
  #link: Link | undefined;
  #handshakeTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ProtocolClientOptions) {
    this.#options = options;
    this.#requests = new RequestBook(options.requestTimeoutMs);
  }

  /** Opens a socket, unless there is one or one is about to be opened. */
  start(): void {
    if (this.#link === undefined && this.#retryTimer === undefined) this.#open();
  }

  /** Closes the socket, rejects pending requests, and opens no other. `onClose` is not called. */
  stop(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#disarm();
    const socket = this.#link?.socket;
    this.#link = undefined;
    this.#requests.fail(new Error('the client was stopped'));
    socket?.close();
  }

  /** Closes this socket; `onClose` decides what follows. */
  closeSocket(code?: number, reason?: string): void {
    this.#link?.socket?.close(code, reason);
  }

  /** Sends a request; rejects with a `GatewayRequestError`, a `GatewayTimeoutError`, or an Error when there is no open socket. */
  request(method: string, params?: unknown): Promise<unknown> {
    const socket = this.#link?.socket;
    if (!socket?.isOpen())
      return Promise.reject(new Error(`${method} needs a connection, and there is none`));
    return this.#requests.send((text) => socket.send(text), method, params);
  }

  #open(): void {
    const link: Link = { isOpen: false, isConnectSent: false, isConnected: false };
    this.#link = link;
    const whileCurrent =
      <A extends unknown[]>(act: (...given: A) => void) =>
      (...given: A): void => {
        if (this.#link === link) act(...given);
      };
    try {
      link.socket = this.#options.createSocket({
        open: whileCurrent(() => this.#opened(link)),
        message: whileCurrent((text) => this.#take(link, text)),
        close: whileCurrent((code, reason) => this.#closed(link, code, reason)),
        error: whileCurrent((error) => this.#failed(link, error)),
      });
    } catch (error) {
      this.#link = undefined;
      this.#options.onSocketFactoryError(asError(error));
    }
  }

  #opened(link: Link): void {
    link.isOpen = true;
    if (link.challenge !== undefined) {
      this.#sendConnect(link, link.challenge);
      return;
    }
    const { handshakeTimeoutMs } = this.#options;
    this.#arm(() => {
      this.#options.onTransportError?.(new Error(`no connect challenge within ${handshakeTimeoutMs} ms`));
      link.socket?.close(1008, 'connect challenge timeout');
    });
  }

  #take(link: Link, text: string): void {
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    const { type, event } = fields<{ type: unknown; event: unknown }>(frame);
    if (type !== 'event' && type !== 'res') return;
    this.#options.onActivity?.();
    if (type === 'res') this.#requests.answer(frame as object);
    else if (event === 'connect.challenge') this.#challenged(link, (frame as EventFrame).payload);
    else if (typeof event === 'string') this.#event(link, frame as EventFrame);
  }

  #challenged(link: Link, payload: unknown): void {
    const { nonce, ts } = fields<{ nonce: unknown; ts: unknown }>(payload);
    if (link.isConnectSent) return;
    if (typeof nonce !== 'string' || nonce.trim() === '') {
      this.#options.onTransportError?.(new Error('the connect challenge has no nonce'));
      link.socket?.close(1008, 'connect challenge missing nonce');
      return;
    }
    link.challenge = { nonce: nonce.trim(), challengeTs: isCount(ts) ? ts : undefined };
    if (link.isOpen) this.#sendConnect(link, link.challenge);
  }

  async #sendConnect(link: Link, challenge: ConnectChallenge): Promise<void> {
    link.isConnectSent = true;
    this.#arm(() => link.socket?.close(4000, 'connect timeout'));
    try {
      const params = await this.#options.connectParams(challenge);
      if (this.#link !== link || !link.socket?.isOpen()) return;
      await this.#connect(link, params);
    } catch (error) {
      if (this.#link !== link) return;
      this.#options.onPlanError?.(asError(error));
      link.error = asError(error);
      link.socket?.close(1000, 'connect failed');
    }
  }

  async #connect(link: Link, params: unknown): Promise<void> {
    let hello: HelloOk;
    try {
      hello = (await this.request('connect', params)) as HelloOk;
      if (this.#link !== link || !link.socket?.isOpen()) return;
      this.#disarm();
      link.isConnected = true;
      this.#options.onHello(hello);
    } catch (error) {
      if (this.#link !== link) return;
      const { message } = asError(error);
      const refusal = error instanceof GatewayRequestError ? error : new GatewayRequestError({ message });
      link.error = refusal;
      this.#options.onConnectFailure?.(refusal);
      link.socket?.close(1000, 'connect failed');
    }
  }

  #event(link: Link, frame: EventFrame): void {
    const { seq } = frame;
    if (typeof seq === 'number') {
      const isGap = link.lastSeq !== undefined && seq > link.lastSeq + 1;
      link.lastSeq = seq;
      if (isGap) this.#call('gap', () => this.#options.onGap?.());
    }
    if (this.#link === link) this.#call('event', () => this.#options.onEvent?.(frame));
  }

  #failed(link: Link, error: Error): void {
    if (link.isConnectSent) return;
    link.error = error;
    this.#options.onTransportError?.(error);
  }

  #closed(link: Link, code: number, reason: string): void {
    this.#link = undefined;
    this.#disarm();
    const { isOpen: socketOpened, isConnectSent: connectRequestSent, error } = link;
    const decision = this.#options.onClose({
      ...{ code, reason, socketOpened, connectRequestSent },
      ...(error !== undefined && { error }),
    });
    this.#requests.fail(error ?? new Error(`the gateway closed the connection (${code}): ${reason}`));
    if (!decision.retry || this.#link !== undefined || this.#retryTimer !== undefined) return;
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#call('reconnect', () => this.#open());
    }, decision.delayMs);
  }

  #arm(act: () => void): void {
    this.#disarm();
    this.#handshakeTimer = setTimeout(act, this.#options.handshakeTimeoutMs);
    (this.#handshakeTimer as { unref?: () => void }).unref?.();
  }

  #disarm(): void {
    clearTimeout(this.#handshakeTimer);
    this.#handshakeTimer = undefined;
  }

  #call(label: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#options.onCallbackError?.(label, error);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
