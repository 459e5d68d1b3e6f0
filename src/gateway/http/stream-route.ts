import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchesFilter, parsePresenceFilter, refusal } from '../../protocol/index.ts';
import type { RowFilter } from '../../sinks/index.ts';
import { dependsOnTime } from '../../viewer/index.ts';
import { bearer, mayCall } from './bearer.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';

const contentType = 'text/event-stream';

/** `GET /api/v1/presence/stream`: server-sent events, resumed by `Last-Event-ID` (PE2, PE3, PA4). */
export function streamRoute(context: HttpContext): Hono<HttpEnv> {
  const route = new Hono<HttpEnv>();
  route.get('/', bearer(context), mayCall(context, 'presence.list'), (c) => {
    // All other streams have ended already: this one would only delay the closing of the port (PW8).
    if (context.isDraining()) return refuseHttp(c, refusal('draining'));
    const query = parsePresenceFilter({ q: c.req.query('q') });
    if (!query.ok) return refuseHttp(c, query.error);
    return c.body(null, 200, {
      'Content-Type': contentType,
      'Cache-Control': 'no-store',
      // Without this header nginx and its relatives buffer events.
      'X-Accel-Buffering': 'no',
    });
  });
  return route;
}

/**
 * Starts the stream when its head is complete. To be the outermost: what other middleware puts into the head (security
 * headers, CORS) must be in the head of a stream too. `HEAD` gets the head alone.
 */
export function startStreams({ readingOf }: HttpContext): ReturnType<typeof createMiddleware<HttpEnv>> {
  return createMiddleware<HttpEnv>(async (c, next) => {
    await next();
    const isStream = c.res.ok && c.res.headers.get('Content-Type') === contentType;
    if (!isStream || c.req.method === 'HEAD') return;
    readingOf(c.get('caller')).streams.open({
      response: c.env.outgoing,
      head: Object.fromEntries(c.res.headers),
      credential: c.get('caller').credential,
      lastEventId: c.req.header('Last-Event-ID'),
      journalFrom: c.req.query('journal'),
      filter: filterOf(c.req.query('q')),
      wantsNotices: ['1', 'true'].includes(c.req.query('notices') ?? ''),
    });
    c.res = RESPONSE_ALREADY_SENT;
  });
}

/** The rows that fit a query (PQ1); all of them without one. */
function filterOf(q: string | undefined): RowFilter | undefined {
  const query = parsePresenceFilter({ q });
  if (!query.ok || query.value.terms.length === 0) return undefined;
  return {
    fits: (view, nowMs) => matchesFilter(view, query.value, nowMs),
    dependsOnTime: dependsOnTime(query.value),
  };
}
