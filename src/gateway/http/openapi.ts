import type { TSchema } from 'typebox';
import {
  BeaconSchema,
  PresenceDeltaSchema,
  PresenceFilterSchema,
  PresenceListResultSchema,
} from '../../protocol/index.ts';
import { maxBeacons } from './beacon-route.ts';

/** The OpenAPI 3.1 document, made from the schemas that check the requests. */
export function openApiDocument(version: string): object {
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
      '/api/v1/presence': { get: listOperation },
      '/api/v1/presence/stream': { get: streamOperation },
      '/api/v1/beacons': { post: beaconOperation },
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
        PresenceList: plain(PresenceListResultSchema),
        PresenceDelta: plain(PresenceDeltaSchema),
        Beacon: plain(BeaconSchema),
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
const accepted = object({ ok: { const: true }, accepted: { type: 'integer', minimum: 1 } });
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

const listOperation = {
  operationId: 'listPresence',
  summary: 'The roster: the gateway first, then newest first',
  parameters: filterParameters(),
  responses: {
    200: json('The rows that pass the filters', ref('PresenceList')),
    304: { description: 'Nothing changed since the ETag of If-None-Match' },
    ...refusals,
  },
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

const beaconOperation = {
  operationId: 'sendBeacons',
  summary: `One beacon, or a list of up to ${maxBeacons}; all are checked before the first is stored`,
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          oneOf: [ref('Beacon'), { type: 'array', items: ref('Beacon'), minItems: 1, maxItems: maxBeacons }],
        },
      },
    },
  },
  responses: {
    200: json('All beacons were taken', accepted),
    ...refusals,
    413: json('The body is too long', ref('Error')),
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

function filterParameters(): object[] {
  const { properties } = plain(PresenceFilterSchema) as {
    properties: Record<string, { description?: string }>;
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    schema,
    ...(schema.description === undefined ? {} : { description: schema.description }),
  }));
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

/** JSON Schema 2020-12 says `prefixItems` where drafts before it had a list of `items`. */
function currentTuple({ items, additionalItems = true, ...rest }: Tuple): object {
  return { ...rest, prefixItems: items, items: additionalItems };
}
