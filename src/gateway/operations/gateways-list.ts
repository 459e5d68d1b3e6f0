import { Type } from 'typebox';
import { optional } from '../../protocol/index.ts';
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
    url: optional(Type.String()),
    kind: Type.Enum(['self', 'cluster', 'upstream']),
    state: Type.Enum(['up', 'connecting', 'unreachable', 'restarting', 'refused']),
    sinceMs: momentSchema,
    lastHeardAtMs: optional(momentSchema),
    version: optional(Type.String()),
    latencyMs: optional(countSchema),
    rows: countSchema,
    problem: optional(problem),
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
