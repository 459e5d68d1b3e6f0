import type { InstanceView } from '../../core/index.ts';
import { parseNodeEvent } from '../../protocol/index.ts';
import type { Caller } from '../access/caller.ts';
import { answer, type Handlers, type MethodContext, type Reply, refuse } from './method-context.ts';
import { storeOwnReport } from './own-report.ts';

type Name =
  | 'health'
  | 'status'
  | 'config.get'
  | 'node.list'
  | 'node.event'
  | 'node.pair.list'
  | 'device.pair.list';

/** Methods about the gateway and its nodes (PW9). */
export function gatewayMethods(context: MethodContext): Handlers<Name> {
  const nowMs = () => Math.round(context.presence.now().wallMs);
  // There is no pairing here: who may connect is decided by credentials alone.
  const noPairing = () => answer({ pending: [], paired: [] });
  return {
    health: () => answer({ ok: true, ts: nowMs(), durationMs: 0 }),
    status: () => answer(statusOfGateway(context)),
    'config.get': () => answer({ settings: context.effectiveSettings }),
    'node.list': () => answer({ ts: nowMs(), nodes: [...nodes(context)] }),
    'node.event': (params, caller) => nodeEventReply(context, params, caller),
    'node.pair.list': noPairing,
    'device.pair.list': noPairing,
  };
}

function statusOfGateway({ presence, version, connections, uptimeMs, clusterStatus }: MethodContext): object {
  const { epoch, size, maxEntries, evictions } = presence;
  return {
    version,
    uptimeMs: Math.trunc(uptimeMs()),
    epoch,
    presence: { version: presence.version, entries: size, maxEntries, evictions },
    connections: connections(),
    cluster: clusterStatus(),
  };
}

function* nodes({ presence }: MethodContext): Generator<object> {
  for (const view of presence.list()) if (isNode(view)) yield nodeOf(view);
}

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

function nodeEventReply({ writer }: MethodContext, params: unknown, caller: Caller): Reply {
  const parsed = parseNodeEvent(params);
  if (!parsed.ok) return parsed;
  const { event } = parsed;
  if (!event.handled) return answer({ ok: true, event: event.event, handled: false, reason: event.reason });
  const error = storeOwnReport(writer, caller, { source: 'node-event', ...event.report });
  if (error !== undefined) return refuse(error);
  return answer({ ok: true, event: event.event, handled: true, reason: 'stored' });
}
