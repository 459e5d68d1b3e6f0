import { once } from 'node:events';
import type { WebSocket } from 'ws';

/**
 * Waits until a gateway in this process has received the pongs of these clients to all pings so far.
 *
 * Messages keep their order: once the gateway has answered a ping of the client's, the client has received the gateway's
 * earlier pings, and once it has answered another one, it has the client's pongs.
 */
export async function answersEveryPing(sockets: readonly WebSocket[]): Promise<void> {
  await Promise.all(sockets.map(roundTrip));
  await Promise.all(sockets.map(roundTrip));
}

async function roundTrip(socket: WebSocket): Promise<void> {
  const answered = once(socket, 'pong');
  socket.ping();
  await answered;
}
