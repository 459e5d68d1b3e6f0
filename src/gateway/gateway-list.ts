import type { InstanceView, PresenceReader } from '../core/index.ts';
import type { ClusterGateway, ClusterStatus } from '../sources/cluster/index.ts';
import type { GatewayStatus } from '../sources/upstreams/index.ts';

/** What the list of gateways is read from. */
export interface GatewayListOptions {
  readonly presence: PresenceReader;
  readonly ownName: string;
  readonly version: string;
  /** When this gateway started, milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly url: () => string | undefined;
  readonly cluster: () => ClusterStatus | undefined;
  readonly upstreams: () => readonly GatewayStatus[];
}

/** Every gateway whose rows are shown here: this one, those of its cluster, its upstreams (PU13). */
export function gatewayList(options: GatewayListOptions): readonly GatewayStatus[] {
  const { presence, ownName, version, startedAtMs, url, cluster, upstreams } = options;
  const nowMs = Math.round(presence.now().wallMs);
  const rows = [...presence.list()];
  const address = url();
  const self: GatewayStatus = {
    name: ownName,
    ...(address !== undefined && { url: address }),
    kind: 'self',
    state: 'up',
    sinceMs: Math.round(startedAtMs),
    lastHeardAtMs: nowMs,
    version,
    rows: rows.filter(({ gateways }) => gateways === undefined || gateways.includes(ownName)).length,
  };
  const others = (cluster()?.gateways ?? []).filter(
    ({ self: isSelf, state }) => isSelf !== true && state !== 'gone',
  );
  return [self, ...others.map((gateway) => memberOf(gateway, rows, nowMs)), ...upstreams()];
}

function memberOf(gateway: ClusterGateway, rows: readonly InstanceView[], nowMs: number): GatewayStatus {
  const { id, host, state, sinceMs, problem } = gateway;
  const row = rows.find(({ instanceId, mode }) => instanceId === id && mode === 'gateway');
  const isUp = state === 'live';
  return {
    name: host,
    kind: 'cluster',
    state: isUp ? 'up' : 'unreachable',
    sinceMs: sinceMs ?? row?.firstSeenAtMs ?? nowMs,
    ...(row !== undefined && { lastHeardAtMs: row.ts }),
    ...(row?.version !== undefined && { version: row.version }),
    rows: rows.filter(({ gatewayIds, instanceId }) => gatewayIds?.includes(id) || instanceId === id).length,
    ...(isUp && problem !== undefined && { problem }),
    ...(!isUp && {
      problem: {
        code: 'UNREACHABLE',
        message: `${host} has not been heard from for a while`,
        whatToDo: 'Check that it runs and reaches the server of the cluster: rollcall doctor.',
      },
    }),
  };
}
