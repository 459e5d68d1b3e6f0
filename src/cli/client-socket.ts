import { WebSocket } from 'ws';
import type { ClientSocket, SocketHandlers } from '../client/index.ts';
import { reportUpgradeAnswer } from '../client/node/ws-socket.ts';

/** A `ws` socket in the shape that `ProtocolClient` drives. */
export function createClientSocket(options: {
  readonly url: string;
  readonly handlers: SocketHandlers;
  /** Longest wait for the connection and the HTTP upgrade. */
  readonly timeoutMs: number;
}): ClientSocket {
  const { url, handlers, timeoutMs } = options;
  const socket = new WebSocket(url, { handshakeTimeout: timeoutMs, perMessageDeflate: false });
  reportUpgradeAnswer(socket);
  socket.on('open', () => handlers.open());
  socket.on('message', (data) => handlers.message(String(data)));
  socket.on('close', (code, reason) => handlers.close(code, reason.toString()));
  socket.on('error', (error) => handlers.error(error));
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
  };
}
