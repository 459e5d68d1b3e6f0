import { WebSocket } from 'ws';
import { type CreateSocket, webSocket } from '../socket.ts';

/** Sockets of the package `ws`, for Node versions without a global WebSocket. Offers no compression, as gateways negotiate none (PW1). */
export function wsSocket(): CreateSocket {
  return webSocket(
    class extends WebSocket {
      constructor(url: string) {
        super(url, { perMessageDeflate: false });
      }
    },
  );
}
