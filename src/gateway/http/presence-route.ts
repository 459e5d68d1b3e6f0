import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import type { MessageParts } from '../transport.ts';
import { bearer, mayCall } from './bearer.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';

const filters = ['mode', 'status', 'role', 'q'] as const;

/** `GET /api/v1/presence`: what `presence.list` answers, with the same filters, and an `ETag` (PF3, PA4). */
export function presenceRoute(context: HttpContext): Hono<HttpEnv> {
  const route = new Hono<HttpEnv>();
  route.get('/', bearer(context), mayCall('presence.list'), (c) => {
    const query = filterParams(c.req.queries());
    const reply = context.call('presence.list', query, c.get('caller'));
    if (!reply.ok) return refuseHttp(c, reply.error);
    c.header('Cache-Control', 'private, no-cache');
    // A status changes with the age of a row, not with the version: such an answer has no tag.
    if (query['status'] === undefined) {
      const tag = entityTag(context);
      c.header('ETag', tag);
      if (
        c.req
          .header('If-None-Match')
          ?.split(/\s*,\s*/)
          .includes(tag)
      )
        return c.body(null, 304);
    }
    c.header('Content-Type', 'application/json');
    return stream(c, async (body) => {
      for (const part of reply.payload) await body.write(part);
    });
  });
  return route;
}

/** Weak, since `now` and the gateway's own `ts` differ from answer to answer. */
function entityTag({ presence }: HttpContext): string {
  return `W/"${presence.epoch}-${presence.roster.version}"`;
}

/** Query values as params: a filter may be repeated; blank ones, as forms send them, ask for nothing. */
function filterParams(queries: Readonly<Record<string, string[]>>): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(queries)) {
    const given = values.filter((value) => value.trim() !== '');
    const [only] = given;
    if (only !== undefined) params[name] = given.length === 1 ? only : given;
    else if (!filters.some((filter) => filter === name)) params[name] = '';
  }
  return params;
}

/** Joins the pieces of a reply into one text. */
export function textOf(parts: MessageParts): string {
  return parts.map((part) => (typeof part === 'string' ? part : Buffer.from(part).toString())).join('');
}
