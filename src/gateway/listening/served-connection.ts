import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { LIMITS } from '../../protocol/index.ts';
import type { Session } from '../sessions/session.ts';
import type { ConnectionSlot } from './connection-slots.ts';

/** What belongs to one WebSocket of the listener. */
interface ServedConnection {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly session: Session;
  readonly slot: ConnectionSlot;
  /** Bytes that came before the handshake was done; not counted after it. */
  preauthBytes: number;
}

/** What bytes are read as that hold no text at all. */
const noJson = '';

/** Where a socket keeps its connection. */
const served: unique symbol = Symbol('served connection');

type Served<T> = T & { [served]?: ServedConnection };

/** Longest header of a masked frame (RFC 6455 §5.2). */
const frameOverheadBytes = 14;

/**
 * Hands what a WebSocket and its socket do to their session.
 *
 * The listeners are the same functions for all connections, which find theirs through the socket: a closure each would be
 * a good part of the memory of an idle connection (docs/decisions/0008-lean-connections.md).
 */
export function serve(connection: Omit<ServedConnection, 'preauthBytes'>): void {
  const { webSocket, socket, session, slot } = connection;
  const kept: ServedConnection = { webSocket, socket, session, slot, preauthBytes: 0 };
  (webSocket as Served<WebSocket>)[served] = kept;
  (socket as Served<Socket>)[served] = kept;
  socket.prependListener('data', limitHandshakeBytes);
  socket.on('drain', tellDrained);
  webSocket.on('message', receive);
  webSocket.on('pong', tellAnswered);
  webSocket.on('close', end);
  // `ws` closes by itself with the code that fits; without a listener the error would end the process (PW10).
  webSocket.on('error', ignore);
}

function receive(this: Served<WebSocket>, data: Buffer, isBinary: boolean): void {
  const connection = this[served];
  // After our own close frame `ws` goes on reading until the other side answers it; what comes then is refused input.
  if (connection === undefined || this.readyState !== this.OPEN) return;
  const { session, slot, socket } = connection;
  const wasConnected = session.isConnected;
  // `ws` has looked at texts; a binary message that is no UTF-8 must not become another one on the way (PW1).
  session.receive(isBinary && !isUtf8(data) ? noJson : data.toString());
  if (wasConnected || !session.isConnected) return;
  slot.authenticated();
  socket.off('data', limitHandshakeBytes);
}

/** Before the handshake a client may send 64 KiB in all; `ws` has one limit for the whole connection (PL1). */
function limitHandshakeBytes(this: Served<Socket>, chunk: Buffer): void {
  const connection = this[served];
  if (connection === undefined) return;
  connection.preauthBytes += chunk.length;
  const { webSocket, preauthBytes } = connection;
  if (preauthBytes > LIMITS.maxPreauthPayloadBytes + frameOverheadBytes) webSocket.close(1009);
}

function tellDrained(this: Served<Socket>): void {
  this[served]?.session.drained();
}

function tellAnswered(this: Served<WebSocket>): void {
  this[served]?.session.answered();
}

function end(this: Served<WebSocket>, code: number, reason: Buffer): void {
  const error = (this[served]?.socket.errored as NodeJS.ErrnoException | null | undefined)?.code;
  this[served]?.session.closed({ code, reason: reason.toString(), error });
  this[served]?.slot.release();
}

function ignore(): void {}
