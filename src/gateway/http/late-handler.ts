import type { Logger } from '../../core/index.ts';
import type { RequestHandler } from './http-app.ts';

/**
 * Answers requests with a handler that is loaded for the first of them.
 *
 * Most gateways receive requests over WebSockets only, or much later: the HTTP framework and the web streams of Node that it loads cost a
 * start about a fifth of its time. A request that comes meanwhile waits; when the handler cannot be loaded, it is answered with 500.
 */
export function lateHandler(load: () => Promise<RequestHandler>, logger: Logger): RequestHandler {
  let handler: RequestHandler | undefined;
  let loading: Promise<RequestHandler> | undefined;
  return (request, response) => {
    if (handler !== undefined) return handler(request, response);
    loading ??= load();
    loading
      .then((loaded) => {
        handler = loaded;
        loaded(request, response);
      })
      .catch((error: unknown) => {
        loading = undefined;
        logger.error({ err: error }, 'the HTTP surface cannot be loaded');
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
  };
}
