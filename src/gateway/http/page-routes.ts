import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { HttpEnv } from './http-context.ts';

/**
 * The Instances page: the files of its build, with `ETag` and compression.
 *
 * Names in `assets/` carry a hash of their content and are cached for a year; the rest is revalidated at every request.
 */
export function pageRoutes(folder: string | undefined): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    routes.get('/', (c) =>
      c.text('This is a presence gateway. Its page was not built: run npm run build.\n', 404),
    );
    return routes;
  }
  routes.use(compress());
  routes.use(etag());
  routes.use('/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', 'public, max-age=31536000, immutable');
  });
  routes.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-cache');
  });
  routes.get('/*', serveStatic({ root: folder }));
  return routes;
}
