import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Timers } from '../../core/index.ts';
import { refusal, type WireError } from '../../protocol/index.ts';
import type { ReadPeer } from '../access/client-address.ts';
import { canonicalizeHost } from '../access/host-header.ts';
import type { PersonOf } from '../access/identity.ts';
import { sourceOf } from '../access/source.ts';
import type { Session } from '../sessions/session.ts';
import type { Authentication, Peer, Transport } from '../transport.ts';
import type { ConnectionLimiter } from './connection-limiter.ts';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';
import type { IdleSocketReaper } from './idle-socket-reaper.ts';
import { OpenSockets } from './open-sockets.ts';
import { serve } from './served-connection.ts';
import type { CertificatePair } from './tls-certificate.ts';
import type { UnfinishedMessages } from './unfinished-messages.ts';
import { WebSocketTransport } from './websocket-transport.ts';

/** What the answer to upgrades depends on. */
export interface UpgradeOptions {
  readonly maxPayloadBytes: number;
  /** Gives slots to connections, or returns why there is none (PL1, PL5). */
  readonly slots: ConnectionLimiter;
  /** Bounds messages that do not end (PL6). */
  readonly unfinished: UnfinishedMessages;
  /** Who is on the other side, after trusted proxies (PI3). */
  readonly peerOf: ReadPeer;
  /** The person that a trusted proxy names; may be asynchronous (PA10). */
  readonly personOf: PersonOf;
  /** Makes the session of a new connection. */
  readonly accept: (transport: Transport, peer: Peer) => Session;
}

/** What the listener depends on: sockets, and nothing of presence. */
export interface ListenerOptions extends HttpServerOptions, UpgradeOptions {
  readonly host: string;
  readonly port: number;
  /** Drops sockets without a request when an address has too many (PL1). */
  readonly waiting: IdleSocketReaper;
  readonly timers: Timers;
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

/** Longest wait for the other side's close frame, milliseconds; an option that the types of `ws` lack. */
const closeTimeout = { closeTimeout: 2_000 };

/** Answers a request to become a WebSocket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** Answers upgrades to WebSockets of any server (PW1); the caller answers those to other protocols. */
export function createUpgradeHandler(options: UpgradeOptions): UpgradeHandler {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxPayloadBytes,
    perMessageDeflate: false,
    clientTracking: false,
    ...closeTimeout,
  });
  return (request, socket, head) => {
    if (request.headers.host === undefined || !canonicalizeHost(request))
      return refuseUpgrade(socket, refusal('badHost'));
    // The only offer that `ws` takes.
    request.headers.upgrade = 'websocket';
    const peer = options.peerOf(request);
    const slot = options.slots.take(peer.address);
    if ('error' in slot) return refuseUpgrade(socket, slot.error);
    const proceed = (person: Authentication | undefined): void => {
      let isOpen = false;
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        isOpen = true;
        socket.setNoDelay(true);
        const known = person === undefined ? peer : { ...peer, person };
        const session = options.accept(new WebSocketTransport(webSocket, socket), known);
        const addressGroup = sourceOf(peer.address);
        serve({ webSocket, socket, session, slot, addressGroup, unfinished: options.unfinished });
      });
      // The handshake of HTTP was refused: `ws` has answered, and this slot is free again.
      if (!isOpen) slot.release();
    };
    const person = options.personOf(request);
    if (!(person instanceof Promise)) return proceed(person);
    // A client that hangs up meanwhile is no fault; its slot is released by `proceed`.
    const ignore = (): void => {};
    socket.on('error', ignore);
    void person.then((found) => {
      socket.off('error', ignore);
      proceed(found);
    });
  };
}

/**
 * Listens for WebSocket connections (PW1). With `http-server.ts` the one place that touches `http` and `ws`.
 *
 * Rejects with the error of the system when the port cannot be had.
 */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const handleUpgrade = createUpgradeHandler(options);
  const { server, ignoreUpgrade, setCertificate } = createHttpServer(options);
  const sockets = new OpenSockets(server);
  options.waiting.watch(server);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const answer = wantsWebSocket(request) ? handleUpgrade : ignoreUpgrade;
    answer(request, socket, head);
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

/** Whether a request offers to become a WebSocket; a list of protocols may name others beside it, and HTTP/1.0 has no offers. */
export function wantsWebSocket({ headers, httpVersion }: IncomingMessage): boolean {
  if (httpVersion === '1.0') return false;
  return headers.upgrade?.split(',').some((name) => name.trim().toLowerCase() === 'websocket') ?? false;
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

/**
 * Refuses an upgrade by an HTTP answer and closes the socket (PL1, PL5, PW11).
 *
 * The body is the error as a frame would carry it. The socket is destroyed when the answer has left: a client that reads
 * nothing keeps nothing open.
 */
function refuseUpgrade(socket: Duplex, error: WireError): void {
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
