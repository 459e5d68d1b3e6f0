/** Parts of one message, in order; bytes are UTF-8 and are shared, not copied, when they are large. */
export type MessageParts = readonly (string | Uint8Array)[];

/** The parts in one buffer. */
export function joinParts(parts: MessageParts): Uint8Array<ArrayBuffer> {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
