import { Hono } from 'hono';
import type { HttpContext, HttpEnv } from './http-context.ts';

/** `/healthz`: the process answers. `/readyz`: it takes connections, 503 while it drains (PW8). Both are open. */
export function healthRoutes({ isDraining, presence }: HttpContext): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  routes.get('/healthz', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ ok: true, ts: Math.round(presence.now().wallMs) });
  });
  routes.get('/readyz', (c) => {
    c.header('Cache-Control', 'no-store');
    return isDraining() ? c.json({ ready: false, reason: 'draining' }, 503) : c.json({ ready: true });
  });
  return routes;
}
