import type { Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { MessageParts } from '../../sinks/index.ts';

/** Longest message that is copied into one piece: up to here that is cheaper than a write of several. */
const copyBytes = 16_384;
/** Longest header of a frame that is not masked (RFC 6455 §5.2). */
const maxHeaderBytes = 10;
const finalText = 0x81;

/**
 * Writes text messages as WebSocket frames, unmasked as a server sends them (RFC 6455 §5.2).
 *
 * Small messages become one piece. In larger ones the parts that are bytes already are not copied, so that a list is
 * encoded once and shared by everybody who gets it.
 */
export class FrameWriter {
  /** Small frames are made here, one after the other: most sockets have taken all of a frame when its write returns. */
  #scratch = newScratch();

  /** Writes the parts as one message, with one write. */
  write(socket: Writable, parts: MessageParts): void {
    let payloadBytes = 0;
    for (const part of parts)
      payloadBytes += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
    if (payloadBytes > copyBytes) writePieces(socket, [frameHeader(payloadBytes), ...parts]);
    else this.#writeSmall(socket, parts, payloadBytes);
  }

  #writeSmall(socket: Writable, parts: MessageParts, payloadBytes: number): void {
    const frameBytes = headerBytes(payloadBytes) + payloadBytes;
    if (isHolding(socket)) {
      socket.write(fill(Buffer.allocUnsafe(frameBytes), parts, payloadBytes));
      return;
    }
    socket.write(fill(this.#scratch.subarray(0, frameBytes), parts, payloadBytes));
    // It could not take everything: what it holds must not change any more.
    if (socket.writableLength > 0) this.#scratch = newScratch();
  }
}

function newScratch(): Buffer {
  return Buffer.allocUnsafeSlow(maxHeaderBytes + copyBytes);
}

/** True for a socket that keeps what it is given until later: it is behind, or encrypts first. */
function isHolding(socket: Writable): boolean {
  return socket.writableLength > 0 || socket instanceof TLSSocket;
}

function writePieces(socket: Writable, pieces: MessageParts): void {
  socket.cork();
  for (const piece of pieces) socket.write(typeof piece === 'string' ? Buffer.from(piece) : piece);
  socket.uncork();
}

/** Makes the frame of the parts in a buffer of its length. */
function fill(frame: Buffer, parts: MessageParts, payloadBytes: number): Buffer {
  let offset = writeHeader(frame, payloadBytes);
  for (const part of parts) {
    if (typeof part === 'string') offset += frame.write(part, offset);
    else {
      frame.set(part, offset);
      offset += part.length;
    }
  }
  return frame;
}

function frameHeader(payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(headerBytes(payloadBytes));
  writeHeader(header, payloadBytes);
  return header;
}

function headerBytes(payloadBytes: number): number {
  if (payloadBytes < 126) return 2;
  return payloadBytes < 65_536 ? 4 : maxHeaderBytes;
}

/** @returns where the payload begins. */
function writeHeader(target: Buffer, payloadBytes: number): number {
  target[0] = finalText;
  if (payloadBytes < 126) {
    target[1] = payloadBytes;
    return 2;
  }
  if (payloadBytes < 65_536) {
    target[1] = 126;
    return target.writeUInt16BE(payloadBytes, 2);
  }
  target[1] = 127;
  target.writeUInt32BE(Math.floor(payloadBytes / 2 ** 32), 2);
  return target.writeUInt32BE(payloadBytes % 2 ** 32, 6);
}
