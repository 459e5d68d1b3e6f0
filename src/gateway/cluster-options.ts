import type { Engine, EngineContext } from '../sources/cluster/index.ts';
import { settingProblem } from './setting-check.ts';
import { leaseOutlastsReplication } from './setting-relations.ts';
import { SETTINGS } from './settings.ts';

/** How a gateway takes part in a cluster. */
export interface ClusterOptions {
  /** Name of the cluster, for people. */
  readonly name: string;
  /** Creates the engine that connects the gateways. */
  readonly createEngine: (context: EngineContext) => Engine;
  /** At most one publication in this time, milliseconds; default 100. */
  readonly replicateMs?: number | undefined;
  /** A gateway without a heartbeat for longer is unreachable, milliseconds; default 6 000. */
  readonly leaseMs?: number | undefined;
  /** Longest time that `start` waits for the engine before the gateway goes on alone, milliseconds; default 3 000. */
  readonly joinMs?: number | undefined;
}

/** Defaults of the options; two of them are the defaults of the command's settings. */
export const clusterDefaults: {
  readonly replicateMs: number;
  readonly leaseMs: number;
  readonly joinMs: number;
} = {
  replicateMs: SETTINGS.replicateMs.default,
  leaseMs: SETTINGS.clusterLeaseMs.default,
  joinMs: 3_000,
};

/** The options with every default filled in; an option that is `undefined` has its default. */
export function clusterSettings(options: ClusterOptions): ClusterOptions & typeof clusterDefaults {
  const {
    replicateMs = clusterDefaults.replicateMs,
    leaseMs = clusterDefaults.leaseMs,
    joinMs = clusterDefaults.joinMs,
  } = options;
  return { ...options, replicateMs, leaseMs, joinMs };
}

/** Throws `TypeError` for times of a cluster that are out of range or contradict each other. */
export function checkCluster({
  cluster,
  ttlMs,
}: {
  cluster?: ClusterOptions | undefined;
  ttlMs: number;
}): void {
  if (cluster === undefined) return;
  const { replicateMs, leaseMs: clusterLeaseMs } = clusterSettings(cluster);
  const label = (name: string): string => (name === 'clusterLeaseMs' ? 'cluster.leaseMs' : `cluster.${name}`);
  const problem =
    settingProblem('replicateMs', replicateMs, label('replicateMs')) ??
    settingProblem('clusterLeaseMs', clusterLeaseMs, label('clusterLeaseMs')) ??
    leaseOutlastsReplication({ clusterLeaseMs, replicateMs, ttlMs }, label);
  if (problem !== undefined) throw new TypeError(problem);
}

/** The part of the options that is no secret. */
export function shownCluster(options: ClusterOptions): object {
  const { name, replicateMs, leaseMs } = clusterSettings(options);
  return { name, replicateMs, leaseMs };
}
