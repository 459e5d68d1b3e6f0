import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from './http-context.ts';

const reading = ['GET', 'HEAD'];

/** Methods of every path that is not a file of the page. */
const methodsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['/healthz', reading],
  ['/readyz', reading],
  ['/metrics', reading],
  ['/openapi.json', reading],
  ['/api/v1/presence', reading],
  ['/api/v1/presence/stream', reading],
  ['/api/v1/beacons', ['POST']],
]);

/** Answers 405 with `Allow` when a path is asked for by a method that it does not have, and `OPTIONS` with that list. */
export function allowedMethodsOnly(): ReturnType<typeof createMiddleware<HttpEnv>> {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const { method, path } = c.req;
    const allowed = methodsOf.get(path) ?? (path.startsWith('/api/') ? undefined : reading);
    if (allowed === undefined || allowed.includes(method)) return next();
    c.header('Allow', [...allowed, 'OPTIONS'].join(', '));
    if (method === 'OPTIONS') return c.body(null, 204);
    const message = `${path} is for ${allowed.join(' and ')}, not for ${method}`;
    return c.json({ error: { code: 'METHOD_NOT_ALLOWED', message, retryable: false } }, 405);
  });
}
