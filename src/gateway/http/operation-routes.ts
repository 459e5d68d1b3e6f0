import type { Context } from 'hono';
import { Hono } from 'hono';
import { ok, type Result } from '../../core/index.ts';
import { invalidParams, LIMITS, type WireError } from '../../protocol/index.ts';
import { joinParts } from '../../sinks/index.ts';
import type { Operation, OperationRoute } from '../operations/operation.ts';
import { bearer, mayCall } from './bearer.ts';
import { bodyOptions } from './caller-body.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';
import { readBody } from './request-body.ts';

type Params = Readonly<Record<string, unknown>>;
type Read = Result<unknown, WireError>;

/** The routes of all operations that have one: the rights, the parameters and the answer of the method (PW9, PA4, PA5). */
export function operationRoutes(context: HttpContext): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  for (const operation of context.operations.operations) {
    const { http, name } = operation;
    if (http === undefined) continue;
    const path = http.path.replace(/\{(\w+)\}/g, ':$1');
    routes.on(http.method, path, bearer(context), mayCall(context, name), (c) =>
      answerRequest(c, operation, http, context),
    );
  }
  return routes;
}

async function answerRequest(
  c: Context<HttpEnv>,
  operation: Operation,
  { method, etag, lines }: OperationRoute,
  context: HttpContext,
): Promise<Response> {
  const read = hasBody(method) ? await bodyParams(c, operation, context) : queryParams(c, operation);
  if (!read.ok) return refuseHttp(c, read.error);
  const caller = c.get('caller');
  const reply = await operation.call(read.value, caller, context.operationContextOf(caller));
  if (!reply.ok) return refuseHttp(c, reply.error, reply.index);
  c.header('Cache-Control', method === 'GET' ? 'private, no-cache' : 'no-store');
  const opaque = etag?.((read.value ?? {}) as Params, context.readingOf(caller).presence);
  if (opaque !== undefined) {
    // Weak, since `now` and the gateway's own `ts` differ from answer to answer.
    const tag = `W/"${opaque}"`;
    c.header('ETag', tag);
    if (matchesTag(tag, c.req.header('If-None-Match'))) return c.body(null, 304);
  }
  const payload = joinParts(reply.payload);
  if (lines !== undefined) {
    c.header('Vary', 'Accept', { append: true });
    if (wantsLines(c.req.header('Accept'))) return asLines(c, payload, lines);
  }
  return c.body(payload, 200, { 'Content-Type': 'application/json' });
}

const ndjson = 'application/x-ndjson';

/** True for a client that accepts NDJSON by name; one that accepts anything gets JSON. */
function wantsLines(accept = ''): boolean {
  return accept.split(',').some((type) => type.split(';')[0]?.trim().toLowerCase() === ndjson);
}

/** The items of a list as JSON lines, what else was answered as headers. */
function asLines(
  c: Context<HttpEnv>,
  payload: Uint8Array,
  { of, headers }: NonNullable<OperationRoute['lines']>,
): Response {
  const answered = JSON.parse(Buffer.from(payload).toString()) as Params;
  for (const [member, header] of Object.entries(headers)) {
    if (answered[member] !== undefined) c.header(header, String(answered[member]));
  }
  const items = answered[of] as readonly unknown[];
  return c.body(items.map((item) => `${JSON.stringify(item)}\n`).join(''), 200, { 'Content-Type': ndjson });
}

/** True for a method whose parameters are the body of the request. */
export function hasBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** Whether `If-None-Match` names the tag; tags are compared without their strength (RFC 9110 13.1.2). */
function matchesTag(tag: string, header: string | undefined): boolean {
  const opaque = (text: string): string => text.trim().replace(/^W\//, '');
  return header?.split(',').some((given) => given.trim() === '*' || opaque(given) === opaque(tag)) ?? false;
}

/** The JSON of the body, and the parameters of the path over it. */
async function bodyParams(c: Context<HttpEnv>, { name }: Operation, context: HttpContext): Promise<Read> {
  const inPath: Params = c.req.param();
  const read = await readBody(c.env.incoming, bodyOptions(c, context, LIMITS.maxBodyBytes));
  if (!read.ok) return read;
  const body = read.value;
  const isPathEnough = Object.keys(inPath).length > 0;
  if (body.length === 0 && isPathEnough) return ok(inPath);
  const value = jsonOf(body);
  if (value === undefined)
    return { ok: false, error: invalidParams(name, { path: '/', what: 'must be JSON' }) };
  if (!isPathEnough) return ok(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, error: invalidParams(name, { path: '/', what: 'must be a JSON object' }) };
  }
  return ok({ ...value, ...inPath });
}

/** The value of a JSON text; `undefined` when it is none, or no UTF-8. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** Query values as parameters: they may be repeated; blank ones, as forms send them, are left out. */
function queryParams(c: Context<HttpEnv>, { params: schema }: Operation): Read {
  const query = new URL(c.req.url).searchParams;
  const { properties = {} } = schema as { properties?: Readonly<Record<string, { type?: unknown }>> };
  const params = new Map<string, unknown>();
  for (const name of query.keys()) {
    const given = query.getAll(name).filter((value) => value.trim() !== '');
    const values = given.map((value) => typed(value, properties[name]?.type));
    if (values.length > 0) params.set(name, values.length === 1 ? values[0] : values);
    else if (!Object.hasOwn(properties, name)) params.set(name, '');
  }
  return ok({ ...Object.fromEntries(params), ...c.req.param() });
}

/** A number or a boolean where the schema requires one and the text is one. */
function typed(text: string, type: unknown): unknown {
  if ((type === 'integer' || type === 'number') && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
