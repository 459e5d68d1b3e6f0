import { Type } from 'typebox';
import type { InstanceView } from '../../core/index.ts';
import { answer, defineOperation, type Operation } from './operation.ts';
import { ignoredParams, momentSchema } from './schemas.ts';

export const nodeList: Operation = defineOperation({
  name: 'node.list',
  summary: 'The nodes of the roster, in the shape of OpenClaw',
  roles: ['operator'],
  scope: 'operator.read',
  params: ignoredParams,
  parse: () => ({ ok: true, value: {} }),
  result: Type.Object({ ts: momentSchema, nodes: Type.Array(Type.Unknown()) }),
  handle: (_, __, { presence }) => {
    const nodes = [...presence.list()].filter(isNode).map(nodeOf);
    return answer({ ts: Math.round(presence.now().wallMs), nodes });
  },
});

function isNode(view: InstanceView): boolean {
  return view.roles?.includes('node') === true || view.mode?.toLowerCase() === 'node';
}

/** A node in the shape of OpenClaw's `node.list`; one without a device id goes by its instance id. */
function nodeOf(view: InstanceView): object {
  const { host, platform, version, deviceFamily, modelIdentifier, ip, connectedAtMs } = view;
  return {
    nodeId: view.deviceId ?? view.instanceId ?? view.key,
    displayName: host,
    platform,
    version,
    deviceFamily,
    modelIdentifier,
    remoteIp: ip,
    connectedAtMs,
    connected: view.connections > 0,
    paired: false,
    caps: [],
    commands: [],
  };
}
