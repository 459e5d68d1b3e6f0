import type { TSchema } from 'typebox';
import { PresenceDeltaSchema } from '../../protocol/index.ts';
import type { Operation, OperationRoute } from '../operations/operation.ts';
import { hasBody } from './operation-routes.ts';

/** The OpenAPI 3.1 document, made from the operations and the schemas that check the requests. */
export function openApiDocument(version: string, operations: readonly Operation[]): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version,
      summary: 'Presence of a gateway and its clients',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths: {
      ...operationPaths(operations),
      '/api/v1/presence/stream': { get: streamOperation },
      '/healthz': { get: openOperation('health', 'The process answers', { 200: json('Alive', alive) }) },
      '/readyz': {
        get: openOperation('readiness', 'The gateway takes connections', {
          200: json('Ready', readiness),
          503: json('Not ready, for example while it drains', readiness),
        }),
      },
      '/metrics': { get: metricsOperation },
    },
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token, or in password mode the password.',
        },
      },
      schemas: {
        PresenceDelta: plain(PresenceDeltaSchema),
        Error: errorSchema,
      },
    },
  };
}

const alive = object({
  ok: { const: true },
  ts: { type: 'integer', description: 'Clock of the gateway, ms.' },
});
const readiness = object({ ready: { type: 'boolean' } }, { reason: { type: 'string' } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } },
});

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: { type: 'object' },
        retryable: { type: 'boolean' },
        retryAfterMs: { type: 'integer', minimum: 0 },
        index: { type: 'integer', minimum: 0, description: 'Which of several beacons is at fault.' },
      },
    },
  },
};

const refusals = {
  400: json('Something in the request is wrong; the message names it', ref('Error')),
  401: json('No credential, or a wrong one; the message says where it goes', ref('Error')),
  403: json('The credential does not allow this', ref('Error')),
  429: json('Too many requests; see Retry-After', ref('Error')),
};

const streamOperation = {
  operationId: 'streamPresence',
  summary: 'The roster as server-sent events: snapshot, then delta events; tick keeps the line open',
  parameters: [
    {
      name: 'Last-Event-ID',
      in: 'header',
      schema: { type: 'string' },
      description: 'Id of the last event that was read; the stream goes on there, or starts with a snapshot.',
    },
    {
      name: 'q',
      in: 'query',
      schema: { type: 'string' },
      description: 'A query: only rows that fit, as in the list; one that ceases to fit is removed.',
    },
    {
      name: 'journal',
      in: 'query',
      schema: { type: 'string' },
      description:
        'Sends the entries of the journal too, as events journal: after this cursor, or from `now` on.',
    },
  ],
  responses: {
    200: {
      description: 'Events snapshot and delta carry a PresenceDelta as data',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    ...refusals,
    503: json('The gateway stops', ref('Error')),
  },
};

const metricsOperation = {
  operationId: 'metrics',
  summary: 'Metrics in the exposition format of Prometheus; no label names an instance',
  responses: {
    200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
    ...refusals,
  },
};

function openOperation(operationId: string, summary: string, responses: object): object {
  return { operationId, summary, security: [], responses };
}

/** The paths of all operations that have one. */
function operationPaths(operations: readonly Operation[]): Readonly<Record<string, object>> {
  const paths = new Map<string, object>();
  for (const operation of operations) {
    const { http } = operation;
    if (http === undefined) continue;
    paths.set(http.path, {
      ...paths.get(http.path),
      [http.method.toLowerCase()]: described(operation, http),
    });
  }
  return Object.fromEntries(paths);
}

function described(operation: Operation, http: OperationRoute): object {
  const { name, summary, params, result, example } = operation;
  const inPath = [...http.path.matchAll(/\{(\w+)\}/g)].map(([, word = '']) => word);
  const schema = plain(params) as ObjectSchema;
  const isBody = hasBody(http.method);
  const inQuery = Object.keys(schema.properties ?? {}).filter((word) => !inPath.includes(word));
  return {
    operationId: name.replace(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase()),
    summary,
    parameters: [
      ...inPath.map((word) => parameter(word, 'path', schema)),
      ...(isBody ? [] : inQuery.map((word) => parameter(word, 'query', schema))),
    ],
    ...(isBody && { requestBody: requestBody(schema, inPath, example) }),
    responses: {
      200: answered(result, http),
      ...(http.etag !== undefined && {
        304: { description: 'Nothing changed since the ETag of If-None-Match' },
      }),
      ...refusals,
      ...(inPath.length > 0 && { 404: json('Nothing is listed under this key', ref('Error')) }),
      ...(isBody && { 413: json('The body is too long', ref('Error')) }),
    },
  };
}

/** The answer as JSON, and with an item a line where that can be had. */
function answered(result: TSchema, { lines }: OperationRoute): object {
  const whole = json('The answer', plain(result));
  if (lines === undefined) return whole;
  const { properties = {} } = plain(result) as ObjectSchema;
  const { items = {} } = (properties[lines.of] ?? {}) as { readonly items?: object };
  const headers = Object.entries(lines.headers).map(([member, header]) => [
    header,
    { description: `\`${member}\`, with NDJSON`, schema: { type: 'string' } },
  ]);
  return {
    ...whole,
    headers: Object.fromEntries(headers),
    content: { ...whole.content, 'application/x-ndjson': { schema: items } },
  };
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

function parameter(
  name: string,
  where: 'path' | 'query',
  { properties, required = [] }: ObjectSchema,
): object {
  const schema = properties?.[name] ?? {};
  const { description } = schema;
  return {
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema,
    ...(description !== undefined && { description }),
  };
}

/** The parameters that are not in the path; no body is needed when all are. */
function requestBody(schema: ObjectSchema, inPath: readonly string[], example: object | undefined): object {
  const { properties = {}, required = [] } = schema;
  const rest = Object.entries(properties).filter(([name]) => !inPath.includes(name));
  const needed = required.filter((name) => !inPath.includes(name));
  const isWhole = inPath.length === 0;
  const body = isWhole ? schema : { ...schema, properties: Object.fromEntries(rest), required: needed };
  return {
    required: isWhole || needed.length > 0,
    content: { 'application/json': { schema: body, ...(isWhole && example !== undefined && { example }) } },
  };
}

function object(required: Readonly<Record<string, object>>, optional: object = {}): object {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

/** A schema as JSON sees it, without what the library keeps beside it, in the dialect of OpenAPI 3.1. */
function plain(schema: TSchema): object {
  return JSON.parse(JSON.stringify(schema), (_, value) => (isTuple(value) ? currentTuple(value) : value));
}

interface Tuple {
  readonly items: readonly object[];
  readonly additionalItems?: boolean;
}

function isTuple(value: unknown): value is Tuple {
  return typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items);
}

/** JSON Schema 2020-12 has `prefixItems` where drafts before it had a list of `items`. */
function currentTuple({ items, additionalItems = true, ...rest }: Tuple): object {
  return { ...rest, prefixItems: items, items: additionalItems };
}
