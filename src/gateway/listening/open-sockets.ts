import type { Server, Socket } from 'node:net';

/** The sockets of a server, upgraded ones included: counts the bytes that they sent, and can drop all of them. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  #closedBytes = 0;

  constructor(server: Server) {
    const remove = this.#remover();
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.on('close', remove);
    });
  }

  /** Bytes written to all sockets so far, without a cost per message. */
  sentBytes(): number {
    let bytes = this.#closedBytes;
    for (const socket of this.#open) bytes += socket.bytesWritten;
    return bytes;
  }

  /** Drops all sockets at once. */
  destroy(): void {
    for (const socket of this.#open) socket.destroy();
  }

  /** One listener for all sockets: a closure each would stay as long as its connection. */
  #remover(): (this: Socket) => void {
    const remove = (socket: Socket): void => {
      if (this.#open.delete(socket)) this.#closedBytes += socket.bytesWritten;
    };
    return function () {
      remove(this);
    };
  }
}
