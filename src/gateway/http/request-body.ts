import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request, sent with a length or in chunks.
 *
 * @returns `undefined` as soon as it is known to be longer than `maxBytes`; the rest is left unread.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the stream would take the socket with it, and the refusal would never leave.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
