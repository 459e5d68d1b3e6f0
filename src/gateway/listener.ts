import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { LIMITS } from '../protocol/index.ts';
import type { ReadPeer } from './client-address.ts';
import type { ConnectionSlot, ConnectionSlots } from './connection-slots.ts';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';
import { OpenSockets } from './open-sockets.ts';
import type { Session } from './session.ts';
import type { Timers } from './timers.ts';
import type { CertificatePair } from './tls-certificate.ts';
import type { Peer, Transport } from './transport.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';
import { WebSocketTransport } from './websocket-transport.ts';

/** What the listener needs; it knows sockets, and nothing of presence. */
export interface ListenerOptions extends HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly maxPayloadBytes: number;
  /** Gives places to connections, or says why there is none (PL1, PL5). */
  readonly slots: ConnectionSlots;
  /** Who is on the other side, after trusted proxies (PI3). */
  readonly peerOf: ReadPeer;
  readonly timers: Timers;
  /** Makes the session of a new connection. */
  readonly accept: (transport: Transport, peer: Peer) => Session;
}

/** An open port. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Bytes written to all sockets so far. */
  sentBytes(): number;
  /** Uses another certificate from the next connection on; throws when it cannot be used, and keeps the old one. */
  setCertificate(pair: CertificatePair): void;
  /** Takes no more connections, and drops those that are still open after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Longest wait for the other side's close frame, milliseconds; an option that the types of `ws` do not know yet. */
const closeTimeout = { closeTimeout: 2_000 };

/**
 * Listens for WebSocket connections (PW1). With `http-server.ts` the one place that touches `http` and `ws`.
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
  const { server, setCertificate } = createHttpServer(options);
  const sockets = new OpenSockets(server);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const peer = options.peerOf(request);
    const slot = options.slots.take(peer.address);
    if ('error' in slot) return refuseUpgrade(socket, slot.error);
    socket.once('close', () => slot.release());
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      open({ webSocket, socket, peer, slot, accept: options.accept }),
    );
  });
  await started(server, options);
  const { address, port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    setCertificate,
    sentBytes: () => sockets.sentBytes(),
    close: (graceMs) => stopped({ server, sockets, graceMs, timers: options.timers }),
  };
}

interface Opened {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly peer: Peer;
  readonly slot: ConnectionSlot;
  readonly accept: ListenerOptions['accept'];
}

function open({ webSocket, socket, peer, slot, accept }: Opened): void {
  socket.setNoDelay(true);
  const session = accept(new WebSocketTransport(webSocket, socket), peer);
  limitHandshakeBytes(webSocket, socket, session);
  webSocket.on('message', (data: Buffer) => {
    // After our own close frame `ws` goes on reading until the other side answers it; what comes then is refused input.
    if (webSocket.readyState !== webSocket.OPEN) return;
    session.receive(data.toString());
    if (session.isConnected) slot.authenticated();
  });
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

function started(server: Server, { host, port }: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function stopped(options: {
  readonly server: Server;
  readonly sockets: OpenSockets;
  readonly graceMs: number;
  readonly timers: Timers;
}): Promise<void> {
  const { server, sockets, graceMs, timers } = options;
  return new Promise((resolve) => {
    const cancel = timers.after(Math.max(0, graceMs), () => sockets.destroy());
    server.close(() => {
      cancel();
      resolve();
    });
  });
}
