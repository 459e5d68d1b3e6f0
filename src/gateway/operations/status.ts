import { Type } from 'typebox';
import { optional } from '../../protocol/index.ts';
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
    sharedInstances: optional(
      Type.Array(
        Type.Object({
          key: Type.String(),
          places: Type.Array(Type.String(), { description: 'Host name and address of each computer.' }),
        }),
        {
          description:
            'Instances with connections of several computers at this gateway, at most 50: copied identities. Absent when there is none.',
        },
      ),
    ),
    cluster: optional(Type.Unknown({ description: 'The cluster and its gateways, when there is one.' })),
  }),
  handle(_, __, { presence, version, connections, uptimeMs, sharedInstances, clusterStatus }) {
    const shared = sharedInstances();
    const { epoch, size, maxEntries, evictions } = presence;
    return answer({
      version,
      uptimeMs: Math.trunc(uptimeMs()),
      epoch,
      presence: { version: presence.version, entries: size, maxEntries, evictions },
      connections: connections(),
      ...(shared.length > 0 && { sharedInstances: shared }),
      cluster: clusterStatus(),
    });
  },
});
