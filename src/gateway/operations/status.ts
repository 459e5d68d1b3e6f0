import { Type } from 'typebox';
import { answer, defineOperation, type Operation } from './operation.ts';
import { countSchema, ignoredParams } from './schemas.ts';

export const status: Operation = defineOperation({
  name: 'status',
  summary: 'Version, uptime, size of the roster, connections and cluster of the gateway',
  roles: ['operator'],
  scope: 'operator.read',
  params: ignoredParams,
  parse: () => ({ ok: true, value: {} }),
  result: Type.Object({
    version: Type.String(),
    uptimeMs: countSchema,
    epoch: Type.String(),
    presence: Type.Object({
      version: countSchema,
      entries: countSchema,
      maxEntries: countSchema,
      evictions: countSchema,
    }),
    connections: Type.Object({ connected: countSchema, awaitingConnect: countSchema }),
    cluster: Type.Optional(Type.Unknown({ description: 'The cluster and its gateways, when there is one.' })),
  }),
  handle(_, __, { presence, version, connections, uptimeMs, clusterStatus }) {
    const { epoch, size, maxEntries, evictions } = presence;
    return answer({
      version,
      uptimeMs: Math.trunc(uptimeMs()),
      epoch,
      presence: { version: presence.version, entries: size, maxEntries, evictions },
      connections: connections(),
      cluster: clusterStatus(),
    });
  },
});
