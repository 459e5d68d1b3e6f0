import type { MessageParts } from '../transport.ts';

/** A message below this size is copied into one buffer: cheaper than several writes. */
const copyBytes = 4_096;

/**
 * One text message as the bytes of one WebSocket frame, unmasked as a server sends it (RFC 6455 §5.2).
 *
 * Small messages become one buffer. In larger ones the parts that are bytes already are not copied, so that a list
 * is encoded once and shared by everybody who gets it.
 */
export function textFrame(parts: MessageParts): readonly Uint8Array[] {
  let payloadBytes = 0;
  for (const part of parts) payloadBytes += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  if (payloadBytes > copyBytes) return [frameHeader(payloadBytes), ...parts.map(toBytes)];
  return [smallFrame(parts, payloadBytes)];
}

function smallFrame(parts: MessageParts, payloadBytes: number): Uint8Array {
  const headerBytes = payloadBytes < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(headerBytes + payloadBytes);
  writeHeader(frame, payloadBytes);
  let offset = headerBytes;
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
  const header = Buffer.allocUnsafe(payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10);
  writeHeader(header, payloadBytes);
  return header;
}

const finalText = 0x81;

function writeHeader(target: Buffer, payloadBytes: number): void {
  target[0] = finalText;
  if (payloadBytes < 126) {
    target[1] = payloadBytes;
  } else if (payloadBytes < 65_536) {
    target[1] = 126;
    target.writeUInt16BE(payloadBytes, 2);
  } else {
    target[1] = 127;
    target.writeUInt32BE(Math.floor(payloadBytes / 2 ** 32), 2);
    target.writeUInt32BE(payloadBytes % 2 ** 32, 6);
  }
}

function toBytes(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : part;
}
