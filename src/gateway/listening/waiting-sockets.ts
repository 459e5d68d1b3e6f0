import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Instant } from '../../core/index.ts';
import { sourceOf } from '../access/source.ts';
import type { PeriodicTask } from '../time/schedule.ts';

export interface WaitingSocketsOptions {
  readonly clock: Clock;
  /** Most sockets of one source that may wait for longer than a moment (PL1). */
  readonly maxPreauthSocketsPerAddress: number;
  /** A proxy that is trusted speaks for many. */
  readonly isTrustedProxy: (address: string) => boolean;
}

interface Waiting {
  readonly socket: Socket;
  readonly address: string;
  /** Read out of the address when it is first needed: most sockets ask at once. */
  source: string | undefined;
  readonly sinceMonoMs: number;
}

/** A socket that asks within this time is never in the way. */
const graceMs = 1_000;

/**
 * Sockets that ask for nothing: silent ones, those that send the head of a request letter by letter, and those that are kept
 * after an answer (PL1).
 *
 * Of one source the oldest are dropped when there are too many. Newcomers are let in all the same, so that whoever shares
 * an address with others is never turned away for them: who speaks has done so before, and a browser opens
 * another socket in place of one that it had in reserve.
 */
export class WaitingSockets implements PeriodicTask {
  readonly #options: WaitingSocketsOptions;
  /** In the order in which they began to wait. With TLS the socket of a request is not that of its connection; the key is one. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: WaitingSocketsOptions) {
    this.#options = options;
  }

  /** Sockets that wait, or have gone within the last second. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Looks after the sockets of a server. */
  watch(server: Server): void {
    const wait = (socket: Socket): void => this.#wait(socket);
    const answered = function (this: ServerResponse): void {
      // A request that was aborted has lost its socket.
      if (this.req.socket !== null) wait(this.req.socket);
    };
    server.on('connection', wait);
    server.on('upgrade', ({ socket }: IncomingMessage) => this.#asked(socket));
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#asked(socket);
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

  #asked(socket: Socket): void {
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
