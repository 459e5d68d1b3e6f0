import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { notFound, refusal } from '../../protocol/index.ts';
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

/** Answers requests of `node:http`. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The HTTP surface of a gateway: API, health, metrics and the page. */
export function httpHandler(context: HttpContext): RequestHandler {
  const app = new Hono<HttpEnv>();
  const { operations } = context.operations;
  // The outermost: a stream starts when the others have had their say about its head.
  app.use('/api/v1/presence/stream', startStreams(context));
  app.use(securityHeaders());
  app.use('/api/*', allowedOriginsOnly(context));
  if (context.hasMcp) app.use(mcpPath, allowedOriginsOnly(context));
  app.use(allowedMethodsOnly(operations, context.hasMcp ? [mcpPath] : []));
  app.route('/', healthRoutes(context));
  app.get('/openapi.json', (c) => c.json(openApiDocument(context.version, operations)));
  app.get('/metrics', bearer(context), mayCall(context, 'status'), unlimitedOnly(), async (c) =>
    c.text(await context.metrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  app.route('/api/v1/presence/stream', streamRoute(context));
  app.route('/', operationRoutes(context));
  if (context.hasMcp) app.route(mcpPath, mcpRoute(context));
  app.all('/api/*', (c) => refuseHttp(c, notFound(c.req.path)));
  app.route('/', pageRoutes(context.pageFolder));
  app.onError((fault, c) => {
    context.logger.error({ err: fault, path: c.req.path }, 'request failed');
    return refuseHttp(c, refusal('internalError'));
  });
  // HTTP/1.0 names no host.
  const listener = getRequestListener(app.fetch, { hostname: 'localhost', overrideGlobalObjects: false });
  return (request, response) => {
    if (isHost(request.headers.host) && !hasSeveralHosts(request.rawHeaders))
      return void listener(request, response);
    const { code, message, retryable } = refusal('badHost');
    const body = JSON.stringify({ error: { code, message, retryable } });
    response.writeHead(400, { 'Content-Type': 'application/json', Connection: 'close' }).end(body);
  };
}

/** A request that names two hosts is none (RFC 9112, 3.2): this gateway and a proxy could take different ones. */
function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  return hosts > 1;
}

/** Every route reads the address of its request, which begins with the host. */
function isHost(host: string | undefined): boolean {
  return host === undefined || (URL.canParse(`http://${host}`) && !/[/?#@\\]/.test(host));
}

/** Pages of allowed origins may call the API from a browser (PA6). */
function allowedOriginsOnly(context: HttpContext): ReturnType<typeof cors> {
  const routes = context.operations.operations.flatMap(({ http }) => (http === undefined ? [] : [http]));
  return cors({
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
}
