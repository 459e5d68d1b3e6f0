import type { Engine, EngineContext } from '../sources/cluster/index.ts';

/** How a gateway takes part in a cluster. */
export interface ClusterOptions {
  /** Name of the cluster, for people. */
  readonly name: string;
  /** Makes the engine that carries the cluster. */
  readonly createEngine: (context: EngineContext) => Engine;
  /** At most one publication in this time, milliseconds; default 100. */
  readonly replicateMs?: number;
  /** A gateway that was not heard for longer is unreachable, milliseconds; default 6 000. */
  readonly leaseMs?: number;
  /** Longest time that `start` waits for the engine before the gateway goes on alone, milliseconds; default 3 000. */
  readonly joinMs?: number;
}

export const clusterDefaults = { replicateMs: 100, leaseMs: 6_000, joinMs: 3_000 } as const;

/** Throws `TypeError` for bounds of a cluster that are no whole number in range. */
export function checkCluster({
  cluster,
  ttlMs,
}: {
  cluster?: ClusterOptions | undefined;
  ttlMs: number;
}): void {
  if (cluster === undefined) return;
  const { replicateMs, leaseMs } = { ...clusterDefaults, ...cluster };
  if (!Number.isSafeInteger(replicateMs) || replicateMs < 1) {
    throw new TypeError('replicateMs must be a positive whole number');
  }
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 5 * replicateMs || leaseMs >= ttlMs) {
    throw new TypeError('leaseMs must be a whole number from five times replicateMs to less than ttlMs');
  }
}

/** The part of the options that is no secret. */
export function shownCluster(options: ClusterOptions): object {
  const { name, replicateMs, leaseMs } = { ...clusterDefaults, ...options };
  return { name, replicateMs, leaseMs };
}
