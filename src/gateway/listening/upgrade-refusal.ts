import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WireError } from '../../protocol/index.ts';

/**
 * Refuses an upgrade by an HTTP answer and closes the socket (PL1, PL5, PW11).
 *
 * The body is the error as a frame would carry it. The socket is destroyed when the answer has left: a client that reads
 * nothing keeps nothing open.
 */
export function refuseUpgrade(socket: Duplex, error: WireError): void {
  const { httpStatus = 503, code, message, retryable } = error;
  const body = `${JSON.stringify({ error: { code, message, retryable } })}\n`;
  const head = [
    `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryable ? ['Retry-After: 1'] : []),
  ];
  // A client that hangs up first is no fault (PW10).
  socket.on('error', () => {});
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
