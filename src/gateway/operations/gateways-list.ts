import { Type } from 'typebox';
import { answer, defineOperation, type Operation } from './operation.ts';
import { countSchema, momentSchema } from './schemas.ts';

const problem = Type.Object(
  {
    code: Type.String({ description: 'Stable word.' }),
    message: Type.String({ description: 'For people.' }),
    whatToDo: Type.String(),
  },
  { additionalProperties: false },
);

const gateway = Type.Object(
  {
    name: Type.String({ description: 'The same as in `gateways` of an instance.' }),
    url: Type.Optional(Type.String()),
    kind: Type.Enum(['self', 'cluster', 'upstream']),
    state: Type.Enum(['up', 'connecting', 'unreachable', 'restarting', 'refused']),
    sinceMs: momentSchema,
    lastHeardAtMs: Type.Optional(momentSchema),
    version: Type.Optional(Type.String()),
    latencyMs: Type.Optional(countSchema),
    rows: countSchema,
    problem: Type.Optional(problem),
  },
  { additionalProperties: false },
);

export const gatewaysList: Operation = defineOperation({
  name: 'gateways.list',
  summary:
    'This gateway, those of its cluster and its upstreams, with their state and what to do about it (PU13)',
  roles: ['operator'],
  scope: 'operator.read',
  params: Type.Object({}, { additionalProperties: false }),
  result: Type.Object({ gateways: Type.Array(gateway) }),
  http: { method: 'GET', path: '/api/v1/gateways' },
  handle: (_, __, { gateways }) => answer({ gateways: gateways() }),
});
