import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../../core/index.ts';
import { payloadTooLarge, refusal, type WireError } from '../../protocol/index.ts';

/**
 * Reads the body of a request, sent with a length or in chunks.
 *
 * It is refused as soon as it is known to be longer than `maxBytes`, or encoded; the rest is left unread.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Result<Buffer, WireError>> {
  const { headers } = request;
  if (isEncoded(headers)) return err(refusal('bodyEncoded'));
  if (Number(headers['content-length'] ?? 0) > maxBytes) return err(payloadTooLarge(maxBytes));
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the stream would take the socket with it, and the refusal would never leave.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return err(payloadTooLarge(maxBytes));
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks));
}

function isEncoded(headers: IncomingMessage['headers']): boolean {
  const { 'content-encoding': content = 'identity', 'transfer-encoding': transfer = 'chunked' } = headers;
  return content.trim().toLowerCase() !== 'identity' || transfer.trim().toLowerCase() !== 'chunked';
}
