import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Instant } from '../../core/index.ts';
import { sourceOf } from '../access/source.ts';
import type { PeriodicTask } from '../time/schedule.ts';

/** What an {@link IdleSocketReaper} depends on. */
export interface IdleSocketReaperOptions {
  readonly clock: Clock;
  /** Most sockets of one source that may wait for longer than a moment (PL1). */
  readonly maxPreauthSocketsPerAddress: number;
  /** Sockets of trusted proxies are exempt: they carry the requests of many clients. */
  readonly isTrustedProxy: (address: string) => boolean;
}

interface Waiting {
  readonly socket: Socket;
  readonly address: string;
  /** Parsed from the address when first needed: most sockets send a request at once. */
  source: string | undefined;
  readonly sinceMonoMs: number;
}

/** A socket that sends a request within this time is never dropped. */
const graceMs = 1_000;

/**
 * Drops idle sockets (PL1): those without a request, with an unfinished request head, and kept alive after a response.
 *
 * When one source has too many, its oldest are dropped. New sockets are always accepted, so that clients behind one address do
 * not lock each other out; a browser replaces a dropped spare socket by itself.
 */
export class IdleSocketReaper implements PeriodicTask {
  readonly #options: IdleSocketReaperOptions;
  /** In the order in which they became idle. The key is the remote port and address: with TLS a request has another socket object than its connection. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: IdleSocketReaperOptions) {
    this.#options = options;
  }

  /** Idle sockets, including those closed within the last second. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Watches the sockets of a server. */
  watch(server: Server): void {
    const wait = (socket: Socket): void => this.#wait(socket);
    const answered = function (this: ServerResponse): void {
      // A request that was aborted has lost its socket.
      if (this.req.socket !== null) wait(this.req.socket);
    };
    server.on('connection', wait);
    server.on('upgrade', ({ socket }: IncomingMessage) => this.#active(socket));
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#active(socket);
      response.on('close', answered);
    });
  }

  run({ monoMs }: Instant): undefined {
    const bySource = new Map<string, Socket[]>();
    for (const [key, waiting] of this.#waiting) {
      const { socket, address, sinceMonoMs } = waiting;
      if (socket.destroyed) this.#waiting.delete(key);
      else if (monoMs - sinceMonoMs > graceMs) {
        waiting.source ??= sourceOf(address);
        add(bySource, waiting.source, socket);
      }
    }
    const { maxPreauthSocketsPerAddress: most } = this.#options;
    for (const sockets of bySource.values()) {
      for (const socket of sockets.slice(0, Math.max(0, sockets.length - most))) socket.destroy();
    }
  }

  #wait(socket: Socket): void {
    const { remoteAddress: address } = socket;
    if (socket.destroyed || address === undefined || this.#options.isTrustedProxy(address)) return;
    const key = keyOf(socket);
    this.#waiting.delete(key);
    const sinceMonoMs = this.#options.clock.now().monoMs;
    this.#waiting.set(key, { socket, address, source: undefined, sinceMonoMs });
  }

  #active(socket: Socket): void {
    this.#waiting.delete(keyOf(socket));
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remotePort} ${remoteAddress}`;
}

function add(lists: Map<string, Socket[]>, source: string, socket: Socket): void {
  const list = lists.get(source);
  if (list === undefined) lists.set(source, [socket]);
  else list.push(socket);
}
