import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { notFound, refusal, type WireError } from '../../protocol/index.ts';
import { canonicalizeHost } from '../access/host-header.ts';
import { allowedMethodsOnly } from './allowed-methods.ts';
import { bearer, mayCall, unlimitedOnly } from './bearer.ts';
import { healthRoutes } from './health-routes.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';
import { mcpPath, mcpRoute } from './mcp-route.ts';
import { openApiDocument } from './openapi.ts';
import { operationRoutes } from './operation-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { securityHeaders } from './security-headers.ts';
import { startStreams, streamRoute } from './stream-route.ts';
import { countUnread } from './unread-answer.ts';

/** Answers requests of `node:http`. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The HTTP surface of a gateway: API, health, metrics and the page. */
export function httpHandler(context: HttpContext): RequestHandler {
  const app = new Hono<HttpEnv>();
  const { operations } = context.operations;
  // The outermost: a stream starts when all others have set their headers.
  app.use('/api/v1/presence/stream', startStreams(context));
  app.use(securityHeaders());
  app.use('/api/*', allowedOriginsOnly(context));
  if (context.hasMcp) app.use(mcpPath, allowedOriginsOnly(context));
  app.use(allowedMethodsOnly(operations, context.hasMcp ? [mcpPath] : []));
  app.route('/', healthRoutes(context));
  app.get('/openapi.json', (c) => c.json(openApiDocument(context.version, operations)));
  app.get('/metrics', bearer(context), mayCall(context, 'status'), unlimitedOnly(), (c) =>
    c.text(context.metrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  app.route('/api/v1/presence/stream', streamRoute(context));
  app.route('/', operationRoutes(context));
  if (context.hasMcp) app.route(mcpPath, mcpRoute(context));
  app.all('/api/*', (c) => refuseHttp(c, notFound(c.req.path)));
  app.route('/', pageRoutes(context.pageFolder));
  app.onError((fault, c) => {
    // A client that hangs up in the middle of its request is no fault of the gateway, and receives no answer.
    if (fault === c.env.incoming.errored) return refuseHttp(c, refusal('badTarget'));
    context.logger.error({ err: fault, path: c.req.path }, 'request failed');
    return refuseHttp(c, refusal('internalError'));
  });
  // Requests of HTTP/1.0 have no host.
  const options = { hostname: 'localhost', overrideGlobalObjects: false, errorHandler: refuseTarget };
  const listener = getRequestListener(app.fetch, options);
  return (request, response) => {
    if (!canonicalizeHost(request)) return refuseEarly(response, refusal('badHost'));
    // `OPTIONS *` requests the options of the server as a whole (RFC 9110, 9.3.7).
    if (request.method === 'OPTIONS' && request.url === '*') request.url = '/';
    countUnread(response, context.unread);
    void listener(request, response);
  };
}

/** What is no address is found before any route is (PW11). */
function refuseTarget(): Response {
  const error = refusal('badTarget');
  return Response.json({ error: bodyOf(error) }, { status: error.httpStatus ?? 400 });
}

function refuseEarly(response: ServerResponse, error: WireError): void {
  const body = JSON.stringify({ error: bodyOf(error) });
  const head = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(error.httpStatus ?? 400, { ...head, Connection: 'close' }).end(body);
}

function bodyOf({ code, message, retryable }: WireError): object {
  return { code, message, retryable };
}

/** Pages of allowed origins may call the API from a browser (PA6). */
function allowedOriginsOnly(context: HttpContext): ReturnType<typeof cors> {
  const routes = context.operations.operations.flatMap(({ http }) => (http === undefined ? [] : [http]));
  const answer = cors({
    origin: (origin, c) => {
      const peer = { ...context.peerOf(c.env.incoming), origin };
      return context.isOriginAllowed(peer) ? origin : null;
    },
    allowMethods: [...new Set(['GET', 'HEAD', ...routes.map(({ method }) => method)])],
    allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'Last-Event-ID', 'Mcp-Protocol-Version'],
    exposeHeaders: [
      'ETag',
      'Retry-After',
      ...routes.flatMap(({ lines }) => Object.values(lines?.headers ?? {})),
    ],
    maxAge: 600,
  });
  // Only a preflight is answered here; any other `OPTIONS` requests the list of methods.
  return (c, next) =>
    c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') === undefined
      ? next()
      : answer(c, next);
}
