import type { Server, Socket } from 'node:net';

/** The sockets of a server, upgraded ones included: what they have sent, and an end to all of them. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  #closedBytes = 0;

  constructor(server: Server) {
    server.on('connection', (socket) => this.#add(socket));
  }

  /** Bytes written to all sockets so far, without touching the way of a message. */
  sentBytes(): number {
    let bytes = this.#closedBytes;
    for (const socket of this.#open) bytes += socket.bytesWritten;
    return bytes;
  }

  /** Drops all sockets at once. */
  destroy(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #add(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#closedBytes += socket.bytesWritten;
    });
  }
}
