import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../../core/index.ts';
import { payloadTooLarge, refusal, type WireError } from '../../protocol/index.ts';

/** Counts bodies that have begun and not ended, beside the messages of connections (PL6). */
export interface UnfinishedBodies {
  add(source: UnfinishedBody, bytes: number): void;
  remove(source: UnfinishedBody): void;
}

/** A body whose bytes are counted. */
export interface UnfinishedBody {
  /** Credential and address: what is counted together. */
  readonly group: string;
  /** Stops waiting for the rest. */
  end(): void;
}

export interface BodyOptions {
  readonly maxBytes: number;
  readonly group: string;
  readonly unfinished: UnfinishedBodies;
}

/**
 * Reads the body of a request, sent with a length or in chunks.
 *
 * It is refused as soon as it is known to be encoded or longer than `maxBytes`, or takes too long or too much of what all may hold; the
 * rest is left unread.
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, group, unfinished }: BodyOptions,
): Promise<Result<Buffer, WireError>> {
  const { headers } = request;
  if (isEncoded(headers)) return err(refusal('bodyEncoded'));
  if (Number(headers['content-length'] ?? 0) > maxBytes) return err(payloadTooLarge(maxBytes));
  let end = (): void => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  const source: UnfinishedBody = { group, end };
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the stream would destroy the socket too, and the refusal would not be sent.
  const iterator = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended]);
      if (next === undefined) return err(refusal('bodyUnfinished'));
      if (next.done === true) return ok(Buffer.concat(chunks));
      bytes += next.value.length;
      if (bytes > maxBytes) return err(payloadTooLarge(maxBytes));
      chunks.push(next.value);
      unfinished.add(source, next.value.length);
    }
  } finally {
    unfinished.remove(source);
  }
}

function isEncoded(headers: IncomingMessage['headers']): boolean {
  const { 'content-encoding': content = 'identity', 'transfer-encoding': transfer = 'chunked' } = headers;
  return content.trim().toLowerCase() !== 'identity' || transfer.trim().toLowerCase() !== 'chunked';
}
