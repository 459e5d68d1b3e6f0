const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;
const OPCODE_TEXT = 0x1;

/** Frames of ASCII texts, masked as a client must (RFC 6455, 5.3), in one buffer for one write. */
export function maskedTextFrames(texts: readonly string[]): Buffer {
  let total = 0;
  for (const text of texts) total += frameLength(text.length);
  const frames = Buffer.allocUnsafe(total);
  let at = 0;
  for (const text of texts) at = writeFrame(frames, at, OPCODE_TEXT, text);
  return frames;
}

/** One masked control frame, for example a pong; the payload is at most 125 bytes of latin1. */
export function maskedControlFrame(opcode: number, payload: string): Buffer {
  const frame = Buffer.allocUnsafe(frameLength(payload.length));
  writeFrame(frame, 0, opcode, payload);
  return frame;
}

function frameLength(length: number): number {
  if (length > 65_535) throw new RangeError('the load generator sends no frame over 64 KiB');
  return (length < 126 ? 6 : 8) + length;
}

function writeFrame(into: Buffer, start: number, opcode: number, text: string): number {
  let at = start;
  into[at++] = 0x80 | opcode;
  if (text.length < 126) into[at++] = 0x80 | text.length;
  else {
    into[at++] = 0x80 | 126;
    at = into.writeUInt16BE(text.length, at);
  }
  for (const byte of MASK) into[at++] = byte;
  into.write(text, at, 'latin1');
  for (let i = 0; i < text.length; i++) into[at + i] = (into[at + i] ?? 0) ^ MASK[(i & 3) as 0 | 1 | 2 | 3];
  return at + text.length;
}
