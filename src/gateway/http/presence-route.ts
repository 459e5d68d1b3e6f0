import { Hono } from 'hono';
import { presenceFilterNames } from '../../protocol/index.ts';
import { joinParts } from '../../sinks/index.ts';
import { bearer, mayCall } from './bearer.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';

/** What is true of a row for a time only: an answer to such a query has no tag. */
const timedFilters = ['state', 'status', 'q'] as const;

/** `GET /api/v1/presence`: what `presence.list` answers, with the same filters, and an `ETag` (PF3, PA4). */
export function presenceRoute(context: HttpContext): Hono<HttpEnv> {
  const route = new Hono<HttpEnv>();
  route.get('/', bearer(context), mayCall('presence.list'), (c) => {
    const query = filterParams(new URL(c.req.url).searchParams);
    const reply = context.call('presence.list', query, c.get('caller'));
    if (!reply.ok) return refuseHttp(c, reply.error);
    c.header('Cache-Control', 'private, no-cache');
    // States change with the age of a row, not with the version; a bare word may be one.
    if (timedFilters.every((name) => query[name] === undefined)) {
      const tag = entityTag(context);
      c.header('ETag', tag);
      if (isKnown(tag, c.req.header('If-None-Match'))) return c.body(null, 304);
    }
    return c.body(joinParts(reply.payload), 200, { 'Content-Type': 'application/json' });
  });
  return route;
}

/** Weak, since `now` and the gateway's own `ts` differ from answer to answer. */
function entityTag({ presence }: HttpContext): string {
  return `W/"${presence.epoch}-${presence.version}"`;
}

/** Whether `If-None-Match` names the tag; tags are compared without their strength (RFC 9110 13.1.2). */
function isKnown(tag: string, header: string | undefined): boolean {
  const opaque = (text: string): string => text.trim().replace(/^W\//, '');
  return header?.split(',').some((given) => given.trim() === '*' || opaque(given) === opaque(tag)) ?? false;
}

/** Query values as params: a filter may be repeated; blank ones, as forms send them, ask for nothing. */
function filterParams(query: URLSearchParams): Readonly<Record<string, unknown>> {
  const params = new Map<string, unknown>();
  for (const name of query.keys()) {
    const given = query.getAll(name).filter((value) => value.trim() !== '');
    if (given.length > 0) params.set(name, given.length === 1 ? given[0] : given);
    else if (!presenceFilterNames.includes(name)) params.set(name, '');
  }
  return Object.fromEntries(params);
}
