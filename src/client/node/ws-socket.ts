import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type CreateSocket, webSocket } from '../socket.ts';
import { upgradeAnswerText } from '../upgrade-answer.ts';

/** Sockets of the package `ws`, for Node versions without a global WebSocket. Offers no compression, as gateways negotiate none (PW1). */
export function wsSocket(): CreateSocket {
  return webSocket(
    class extends WebSocket {
      constructor(url: string) {
        super(url, { perMessageDeflate: false });
        reportUpgradeAnswer(this);
      }
    },
  );
}

/** Gives the error of a socket that got an HTTP answer its status and where it leads to. */
export function reportUpgradeAnswer(socket: WebSocket): void {
  socket.on('unexpected-response', (request, response) => request.destroy(upgradeError(response)));
}

/** The error of an HTTP answer in place of a WebSocket. */
export function upgradeError({ statusCode, headers }: IncomingMessage): Error {
  return new Error(upgradeAnswerText(statusCode, headers.location));
}
