import { createMiddleware } from 'hono/factory';
import { methodNotAllowed } from '../../protocol/index.ts';
import type { Operation } from '../operations/operation.ts';
import type { HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';

/** Paths that are no operation and no file of the page; all are for reading. */
export const surfacePaths = [
  '/api/v1/presence/stream',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
] as const;

const reading = ['GET', 'HEAD'];

/** Methods that a path has; `undefined` for one that is not served. */
export type MethodsOf = (path: string) => readonly string[] | undefined;

/**
 * Finds the methods of a path: of an operation, of the paths beside them, of the page for any other outside `/api/`.
 *
 * @param posted paths beside them that take `POST` alone.
 */
export function methodsOf(operations: readonly Operation[], posted: readonly string[] = []): MethodsOf {
  const routes = operations.flatMap(({ http }) => (http === undefined ? [] : [http]));
  const patterns = routes.map(({ method, path }) => ({
    pattern: new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    methods: method === 'GET' ? reading : [method],
  }));
  return (path) => {
    if (posted.includes(path)) return ['POST'];
    const own = surfacePaths.some((known) => known === path) ? reading : [];
    const methods = patterns.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []));
    const all = [...new Set([...own, ...methods])];
    if (all.length > 0) return all;
    return path.startsWith('/api/') ? undefined : reading;
  };
}

/** Answers 405 with `Allow` when a path is requested by a method that it does not have, and `OPTIONS` with that list. */
export function allowedMethodsOnly(
  operations: readonly Operation[],
  posted: readonly string[],
): ReturnType<typeof createMiddleware<HttpEnv>> {
  const methods = methodsOf(operations, posted);
  return createMiddleware<HttpEnv>(async (c, next) => {
    const { method, path } = c.req;
    const allowed = methods(path);
    if (allowed === undefined || allowed.includes(method)) return next();
    c.header('Allow', [...allowed, 'OPTIONS'].join(', '));
    if (method === 'OPTIONS') return c.body(null, 204);
    return refuseHttp(c, methodNotAllowed(path, method, allowed));
  });
}
