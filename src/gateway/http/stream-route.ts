import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { bearer, mayCall } from './bearer.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';

/** `GET /api/v1/presence/stream`: server-sent events, resumed by `Last-Event-ID` (PE2, PE3, PA4). */
export function streamRoute(context: HttpContext): Hono<HttpEnv> {
  const route = new Hono<HttpEnv>();
  route.get('/', bearer(context), mayCall('presence.list'), (c) => {
    context.streams.open(c.env.outgoing, c.get('credential'), c.req.header('Last-Event-ID'));
    return RESPONSE_ALREADY_SENT;
  });
  return route;
}
