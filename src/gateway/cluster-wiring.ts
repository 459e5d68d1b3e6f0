import {
  type Clock,
  createRoster,
  memberIdOf,
  PresenceRoster,
  type Roster,
  type Sink,
} from '../core/index.ts';
import { hostName } from '../host/index.ts';
import {
  ClusterClock,
  ClusterMember,
  ClusterSetupError,
  processPlace,
  type SharedAnnotations,
} from '../sources/cluster/index.ts';
import { type ClusterOptions, clusterDefaults, clusterSettings } from './cluster-options.ts';
import type { GatewaySettings } from './gateway-options.ts';
import type { PresenceWriter } from './presence/presence.ts';
import { selfFacts } from './presence/self-facts.ts';

/** The roster of a gateway, alone or in a cluster. */
export interface GatewayRoster {
  readonly roster: Roster;
  /** The clock of this gateway: in a cluster that of the engine. */
  readonly clock: Clock;
  /** Creates the member of the cluster, once the sink that notifies viewers exists; `undefined` without a cluster. */
  readonly createMember: (
    writer: PresenceWriter,
    annotations: SharedAnnotations,
  ) => ClusterMember | undefined;
}

/** Longer than any row is kept; only so that entries of gateways that never come back are deleted at last. */
const retainMarginMs = 60_000;

/** Creates the roster; `run` identifies this run of the gateway. */
export function createGatewayRoster(settings: GatewaySettings, run: string): GatewayRoster {
  const { cluster } = settings;
  if (cluster === undefined) {
    return { roster: createRoster(settings), clock: settings.clock, createMember: () => undefined };
  }
  const roster = new PresenceRoster({ ...settings, memberId: memberIdOf(settings.instanceId, run) });
  const clock = new ClusterClock(settings.clock);
  const parts = { roster, clock, cluster };
  return {
    roster,
    clock,
    createMember: (writer, annotations) => createMember(settings, { ...parts, annotations }, writer),
  };
}

interface ClusterParts {
  readonly roster: PresenceRoster;
  readonly clock: ClusterClock;
  readonly cluster: ClusterOptions;
  readonly annotations: SharedAnnotations;
}

function createMember(settings: GatewaySettings, parts: ClusterParts, writer: PresenceWriter): ClusterMember {
  const { ttlMs, timers, renewalMs, logger } = settings;
  const { cluster, roster, clock, annotations } = parts;
  const retainMs = ttlMs + retainMarginMs;
  return new ClusterMember({
    ...clusterSettings(cluster),
    engine: cluster.createEngine({ clock: settings.clock, delay: timers, retainMs }),
    roster,
    annotations,
    clock,
    delay: timers,
    machine: { host: hostName() ?? 'unknown', pid: process.pid, place: processPlace() },
    replicate: (change) => writer.replicate(change),
    renewSelf: () => writer.setSelf(selfFacts(settings)),
    retainMs,
    renewalMs,
    logger,
  });
}

/** Publishes what changed here to the other gateways. */
export function clusterPublisher(member: ClusterMember): Sink {
  let unsubscribe = (): void => {};
  return {
    name: 'cluster',
    start(presence) {
      unsubscribe = presence.subscribe(() => member.changed());
    },
    async close() {
      unsubscribe();
    },
  };
}

/** Waits for the cluster; throws {@link ClusterSetupError} when another gateway has this one's id. */
export async function joinCluster(
  member: ClusterMember | undefined,
  options: ClusterOptions | undefined,
): Promise<void> {
  if (member === undefined) return;
  // Before the port is open nothing else keeps the process running.
  const alive = setInterval(() => {}, 1_000);
  const outcome = await member.join(options?.joinMs ?? clusterDefaults.joinMs);
  clearInterval(alive);
  if (outcome.kind !== 'taken') return;
  await member.close();
  const { host, pid } = outcome.by;
  throw new ClusterSetupError(
    `another gateway of this cluster has the same instance id (process ${pid} on ${host}): give each gateway a state folder of its own (XDG_STATE_HOME), or another port`,
  );
}
