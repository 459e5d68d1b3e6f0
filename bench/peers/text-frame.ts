/** One unmasked WebSocket text frame, as a server sends it (RFC 6455, 5.2), ready to be written to many sockets. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = 0x81;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) writeLength16(frame, length);
  else writeLength64(frame, length);
  frame.write(text, headerLength);
  return frame;
}

function writeLength16(frame: Buffer, length: number): void {
  frame[1] = 126;
  frame.writeUInt16BE(length, 2);
}

function writeLength64(frame: Buffer, length: number): void {
  frame[1] = 127;
  frame.writeUInt32BE(0, 2);
  frame.writeUInt32BE(length, 6);
}
