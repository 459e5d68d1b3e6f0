import type { Context } from 'hono';
import { sourceOf } from '../access/source.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import type { BodyOptions } from './request-body.ts';

/** How the body of a caller is read: what it leaves unfinished counts with its connections (PL6). */
export function bodyOptions(
  c: Context<HttpEnv>,
  { peerOf, unfinished }: HttpContext,
  maxBytes: number,
): BodyOptions {
  const address = sourceOf(peerOf(c.env.incoming).address);
  return { maxBytes, unfinished, group: `${c.get('caller').credential} ${address}` };
}
