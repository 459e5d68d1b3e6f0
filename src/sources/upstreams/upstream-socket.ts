import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { ClientSocket, SocketHandlers } from '../../client/index.ts';
import { upgradeError } from '../../client/node/index.ts';
import type { Clock, DelayTimers } from '../../core/index.ts';

/** Largest message of an upstream, bytes: a list of 10 000 rows of 800 bytes (PU10). */
export const maxMessageBytes: number = 8 * 1_048_576;
/** What is read of one upstream, on average per second and at once; above it reading is paused (PU10). */
const pace = {
  bytesPerSecond: 4_194_304,
  burstBytes: 16_777_216,
  messagesPerSecond: 200,
  burstMessages: 600,
};
const pingMs = 4_000;
/** A gateway that answers no ping for so long is unreachable. */
const silenceMs = 9_000;
const connectMs = 10_000;

/** What a socket to an upstream depends on. */
export interface UpstreamSocketOptions {
  readonly url: string;
  /** Certificates of the authority in PEM; the system's by default. */
  readonly ca: string | undefined;
  readonly handlers: SocketHandlers;
  readonly clock: Clock;
  readonly timers: DelayTimers;
  /** The round trip of a ping, milliseconds. */
  onLatency(ms: number): void;
  /** Called when anything arrived, a pong too. */
  onReceived(): void;
  /** True while reading is paused because more came than is read. */
  onPaused(isPaused: boolean): void;
}

/**
 * Opens a socket to an upstream: it pings, closes without an answer, and reads no faster than the rate limit.
 *
 * What is not read stays at the sender, so that the rate of one upstream does not load this process.
 */
export function openUpstreamSocket(options: UpstreamSocketOptions): ClientSocket {
  return new UpstreamSocket(options);
}

class UpstreamSocket implements ClientSocket {
  readonly #options: UpstreamSocketOptions;
  readonly #socket: WebSocket;
  #isClosed = false;
  #isPaused = false;
  #receivedMonoMs: number;
  #pingMonoMs: number | undefined;
  #bytes = pace.burstBytes;
  #messages = pace.burstMessages;
  #filledMonoMs: number;
  #cancelPing: () => void = () => {};
  #cancelPause: () => void = () => {};

  constructor(options: UpstreamSocketOptions) {
    this.#options = options;
    this.#receivedMonoMs = this.#filledMonoMs = this.#monoMs();
    const { url, ca, handlers } = options;
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      // The effects of an answer are completed before the next message is read.
      allowSynchronousEvents: false,
      handshakeTimeout: connectMs,
      ...(ca !== undefined && { ca }),
    });
    this.#socket = socket;
    socket.on('open', () => this.#isClosed || this.#opened());
    socket.on('message', (data: Buffer) => this.#isClosed || this.#receive(data));
    socket.on('pong', () => this.#pong());
    socket.on('ping', () => this.#noteReceived());
    socket.on('error', (error) => this.#isClosed || handlers.error(error));
    socket.on('unexpected-response', (request, response: IncomingMessage) => {
      handlers.error(upgradeError(response));
      request.destroy();
      this.#end(1006, '');
    });
    socket.on('close', (code, reason) => this.#end(code, reason.toString()));
  }

  isOpen(): boolean {
    return !this.#isClosed && this.#socket.readyState === WebSocket.OPEN;
  }

  send(data: string): void {
    this.#socket.send(data);
  }

  /** Reported at once: a gateway whose network is gone would take minutes to answer. */
  close(code: number = 1000, reason: string = ''): void {
    if (this.#isClosed) return;
    if (code === 4000) this.#socket.terminate();
    else this.#socket.close(code === 1000 || code >= 3000 ? code : 4008, reason);
    this.#options.timers.after(2_000, () => this.#socket.terminate());
    this.#end(code, reason);
  }

  #monoMs(): number {
    return this.#options.clock.now().monoMs;
  }

  #opened(): void {
    this.#options.handlers.open();
    this.#ping();
  }

  #end(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelPing();
    this.#cancelPause();
    if (this.#isPaused) this.#options.onPaused(false);
    this.#options.handlers.close(code, reason);
  }

  #ping(): void {
    if (this.#isClosed) return;
    const now = this.#monoMs();
    if (!this.#isPaused && now - this.#receivedMonoMs > silenceMs)
      return this.close(4000, 'it answers no ping');
    this.#pingMonoMs ??= now;
    this.#socket.ping();
    this.#cancelPing = this.#options.timers.after(pingMs, () => this.#ping());
  }

  #pong(): void {
    if (this.#isClosed) return;
    this.#noteReceived();
    if (this.#pingMonoMs !== undefined)
      this.#options.onLatency(Math.round(this.#monoMs() - this.#pingMonoMs));
    this.#pingMonoMs = undefined;
  }

  #noteReceived(): void {
    this.#receivedMonoMs = this.#monoMs();
    this.#options.onReceived();
  }

  #receive(data: Buffer): void {
    this.#noteReceived();
    this.#take(data.length);
    this.#options.handlers.message(data.toString('utf8'));
  }

  /** Takes the cost of a message from the token bucket; pauses reading until the bucket is positive again. */
  #take(bytes: number): void {
    const now = this.#monoMs();
    const seconds = (now - this.#filledMonoMs) / 1000;
    this.#filledMonoMs = now;
    this.#bytes = Math.min(pace.burstBytes, this.#bytes + seconds * pace.bytesPerSecond) - bytes;
    this.#messages = Math.min(pace.burstMessages, this.#messages + seconds * pace.messagesPerSecond) - 1;
    const pauseSeconds = Math.max(
      -this.#bytes / pace.bytesPerSecond,
      -this.#messages / pace.messagesPerSecond,
    );
    if (pauseSeconds <= 0 || this.#isPaused) return;
    this.#isPaused = true;
    this.#socket.pause();
    this.#options.onPaused(true);
    this.#cancelPause = this.#options.timers.after(Math.ceil(pauseSeconds * 1000) + 100, () =>
      this.#resume(),
    );
  }

  #resume(): void {
    this.#isPaused = false;
    this.#receivedMonoMs = this.#monoMs();
    this.#socket.resume();
    this.#options.onPaused(false);
  }
}
