import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { LIMITS, type WireClose } from '../../protocol/index.ts';
import type { Session } from '../sessions/session.ts';
import type { ConnectionSlot } from './connection-limiter.ts';
import type { MessageSource, UnfinishedMessages } from './unfinished-messages.ts';

/** What belongs to one WebSocket of the listener. */
interface ConnectionParts {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly session: Session;
  readonly slot: ConnectionSlot;
  readonly unfinished: UnfinishedMessages;
  /** Address or network of the client, by which its unfinished bytes are counted. */
  readonly addressGroup: string;
}

/** Placeholder for a message that is no text. */
const noJson = '';

/** Where a socket keeps its connection. */
const served: unique symbol = Symbol('served connection');

type Served<T> = T & { [served]?: ServedConnection };

/** Longest header of a masked frame (RFC 6455 §5.2). */
const frameOverheadBytes = 14;
/** Header of a control frame of a client, which is masked (RFC 6455 §5.2). */
const controlOverheadBytes = 6;

/**
 * Hands what a WebSocket and its socket do to their session.
 *
 * The listeners are the same functions for all connections, which find theirs through the socket: a closure each would be
 * a good part of the memory of an idle connection (docs/decisions/0008-lean-connections.md).
 */
export function serve(parts: ConnectionParts): void {
  const { webSocket, socket } = parts;
  const connection = new ServedConnection(parts);
  (webSocket as Served<WebSocket>)[served] = connection;
  (socket as Served<Socket>)[served] = connection;
  socket.prependListener('data', limitHandshakeBytes);
  // After the listener of `ws`, which has then delivered the messages that ended in these bytes.
  socket.on('data', countUnfinished);
  socket.on('drain', notifyDrained);
  webSocket.on('message', receive);
  webSocket.on('ping', countControl);
  webSocket.on('pong', receivePong);
  webSocket.on('close', end);
  // `ws` closes by itself with the code that fits; without a listener the error would end the process (PW10).
  webSocket.on('error', ignore);
}

class ServedConnection implements MessageSource {
  readonly parts: ConnectionParts;
  /** Bytes that came before the handshake was done; not counted after it. */
  preauthBytes = 0;
  /** In how many chunks they came. */
  preauthChunks = 0;
  /** A message ended in the bytes that are being read. */
  hasEnded = false;
  /** Bytes of control frames among those that are being read. */
  controlBytes = 0;

  constructor(parts: ConnectionParts) {
    this.parts = parts;
  }

  get group(): string {
    const { session, addressGroup } = this.parts;
    return `${session.credential ?? ''} ${addressGroup}`;
  }

  end(close: WireClose): void {
    this.parts.session.close(close);
    // Nothing more is read of a message that will not be used; `ws` drops the socket after its time for the close.
    this.parts.webSocket.pause();
  }
}

function receive(this: Served<WebSocket>, data: Buffer, isBinary: boolean): void {
  const connection = this[served];
  if (connection === undefined) return;
  connection.hasEnded = true;
  // After our own close frame `ws` goes on reading until the other side answers it; what comes then is refused input.
  if (this.readyState !== this.OPEN) return;
  const { session, slot, socket } = connection.parts;
  const wasConnected = session.isConnected;
  // `ws` validates text messages; a binary message that is no UTF-8 must not be decoded into another text (PW1).
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
  connection.preauthChunks += 1;
  const isLong = connection.preauthBytes > LIMITS.maxPreauthPayloadBytes + frameOverheadBytes;
  if (isLong || connection.preauthChunks > LIMITS.maxPreauthChunks) connection.parts.webSocket.close(1009);
}

/** Bytes in which no message ended are the beginning of one, or of a control frame (PL6). */
function countUnfinished(this: Served<Socket>, chunk: Buffer): void {
  const connection = this[served];
  if (connection === undefined) return;
  const { unfinished, session } = connection.parts;
  if (connection.hasEnded) unfinished.remove(connection);
  else if (session.isConnected) unfinished.add(connection, chunk.length - connection.controlBytes);
  connection.hasEnded = false;
  connection.controlBytes = 0;
}

function countControl(this: Served<WebSocket>, data: Buffer): void {
  const connection = this[served];
  if (connection !== undefined) connection.controlBytes += controlOverheadBytes + data.length;
}

function receivePong(this: Served<WebSocket>, data: Buffer): void {
  countControl.call(this, data);
  this[served]?.parts.session.answered();
}

function notifyDrained(this: Served<Socket>): void {
  this[served]?.parts.session.drained();
}

function end(this: Served<WebSocket>, code: number, reason: Buffer): void {
  const connection = this[served];
  if (connection === undefined) return;
  const { session, slot, socket, unfinished } = connection.parts;
  unfinished.remove(connection);
  const error = (socket.errored as NodeJS.ErrnoException | null | undefined)?.code;
  session.closed({ code, reason: reason.toString(), error });
  slot.release();
}

function ignore(): void {}
