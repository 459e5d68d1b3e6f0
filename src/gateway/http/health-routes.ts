import { Hono } from 'hono';
import type { ClusterStatus } from '../../sources/cluster/index.ts';
import type { GatewayStatus } from '../../sources/upstreams/index.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';

/**
 * `/healthz`: the process answers. `/readyz`: it takes connections, 503 while it drains (PW8). Both are open.
 *
 * A gateway whose cluster engine is down is ready: it continues alone, and the body states that.
 */
export function healthRoutes({ isDraining, presence, clusterStatus, upstreams }: HttpContext): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  routes.get('/healthz', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ ok: true, ts: Math.round(presence.now().wallMs) });
  });
  routes.get('/readyz', (c) => {
    c.header('Cache-Control', 'no-store');
    if (isDraining()) return c.json({ ready: false, reason: 'draining' }, 503);
    const cluster = clusterStatus();
    const others = upstreams();
    return c.json({
      ready: true,
      ...(cluster !== undefined && { cluster: summary(cluster) }),
      ...(others.length > 0 && { upstreams: upstreamSummary(others) }),
    });
  });
  return routes;
}

/** Without addresses, since no credential is needed; problems are named with what to do (PU10). */
function upstreamSummary(upstreams: readonly GatewayStatus[]): object {
  const problems = upstreams.flatMap(({ name, state, sinceMs, problem }) =>
    problem === undefined ? [] : [{ name, state, sinceMs, code: problem.code, whatToDo: problem.whatToDo }],
  );
  return { total: upstreams.length, up: upstreams.filter(({ state }) => state === 'up').length, problems };
}

/** Without names of machines, since no credential is needed. */
function summary({ name, engine, state, sinceMs, gateways, repairing }: ClusterStatus): object {
  const count = (kind: string): number => gateways.filter((gateway) => gateway.state === kind).length;
  return {
    name,
    engine,
    state,
    sinceMs,
    ...(repairing !== undefined && { repairing }),
    gateways: { live: count('live'), unreachable: count('unreachable') },
  };
}
