import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIMITS } from '../protocol/index.ts';
import type { Session } from './session.ts';
import type { Peer, Transport } from './transport.ts';
import { WebSocketTransport } from './websocket-transport.ts';

/** What the listener needs; it knows sockets, and nothing of presence. */
export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly maxPayloadBytes: number;
  /** Makes the session of a new connection. */
  readonly accept: (transport: Transport, peer: Peer) => Session;
  /** Answers requests that are no upgrade. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

/** An open port. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Bytes written to all sockets so far. */
  sentBytes(): number;
  /** Takes no more connections; those that live are dropped. */
  close(): Promise<void>;
}

/** Longest wait for the other side's close frame, milliseconds; an option that the types of `ws` do not know yet. */
const closeTimeout = { closeTimeout: 2_000 };

/**
 * Listens for WebSocket connections (PW1). The one file that touches `http` and `ws`.
 *
 * Rejects with the error of the system when the port cannot be had.
 */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxPayloadBytes,
    perMessageDeflate: false,
    clientTracking: false,
    ...closeTimeout,
  });
  const server = createServer(options.handleRequest);
  const sent = countSentBytes(server);
  server.on('upgrade', (request, socket: Socket, head) => {
    webSockets.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, socket, request, options));
  });
  await started(server, options);
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port, sentBytes: sent, close: () => stopped(server) };
}

function open(
  webSocket: WebSocket,
  socket: Socket,
  request: IncomingMessage,
  options: ListenerOptions,
): void {
  socket.setNoDelay(true);
  const { origin, host } = request.headers;
  const peer = { address: socket.remoteAddress, origin, host };
  const session = options.accept(new WebSocketTransport(webSocket, socket), peer);
  limitHandshakeBytes(webSocket, socket, session);
  webSocket.on('message', (data: Buffer) => session.receive(data.toString()));
  webSocket.on('pong', () => session.answered());
  webSocket.on('close', () => session.closed());
  // `ws` closes by itself with the code that fits; without a listener the error would end the process (PW10).
  webSocket.on('error', () => {});
  socket.on('drain', () => session.drained());
}

/** Before the handshake a client may send 64 KiB in all; `ws` has one limit for the whole connection (PL1). */
function limitHandshakeBytes(webSocket: WebSocket, socket: Socket, session: Session): void {
  let receivedBytes = 0;
  const count = (chunk: Buffer): void => {
    if (session.isConnected) {
      socket.off('data', count);
      return;
    }
    receivedBytes += chunk.length;
    if (receivedBytes > LIMITS.maxPreauthPayloadBytes + frameOverheadBytes) webSocket.close(1009);
  };
  socket.prependListener('data', count);
}

/** Longest header of a masked frame (RFC 6455 §5.2). */
const frameOverheadBytes = 14;

/** Sums up what sockets have sent, without touching the way of a message. */
function countSentBytes(server: Server): () => number {
  const open = new Set<Socket>();
  let closedBytes = 0;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      closedBytes += socket.bytesWritten;
    });
  });
  return () => {
    let bytes = closedBytes;
    for (const socket of open) bytes += socket.bytesWritten;
    return bytes;
  };
}

function started(server: Server, { host, port }: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
