import type { MetricSet } from './metric-set.ts';

/** What the metrics of a cluster are read from. */
export interface ClusterNumbers {
  readonly counts: {
    readonly publications: number;
    readonly contributionsSent: number;
    readonly contributionsReceived: number;
    readonly snapshots: number;
    readonly losses: number;
    readonly repairs: number;
    readonly refused: number;
  };
  status(): {
    readonly state: string;
    readonly repairing?: { readonly rowsLost: number; readonly rowsMissing: number };
    readonly gateways: readonly {
      readonly id: string;
      readonly state: string;
      readonly refusedRows?: number;
    }[];
  };
  /** How far the clock of this machine is ahead, milliseconds. */
  machineAheadMs(): number | undefined;
}

/** Metrics of a gateway in a cluster. */
export function clusterMetrics(metrics: MetricSet, cluster: ClusterNumbers): void {
  const { counts } = cluster;
  const total = (name: string, help: string, read: () => number): void =>
    metrics.counter(`rollcall_cluster_${name}_total`, help, (samples) => samples.add({}, read()));
  metrics.gauge('rollcall_cluster_up', '1 while the cluster engine is reached.', (samples) =>
    samples.set({}, cluster.status().state === 'up' ? 1 : 0),
  );
  metrics.gauge('rollcall_cluster_gateways', 'Gateways of the cluster by state.', (samples) => {
    for (const { state } of cluster.status().gateways) samples.add({ state });
  });
  metrics.gauge('rollcall_cluster_clock_ahead_seconds', "How far this machine's clock is ahead.", (samples) =>
    samples.set({}, (cluster.machineAheadMs() ?? 0) / 1000),
  );
  total('publications', 'Publications to the engine.', () => counts.publications);
  total('contributions_sent', 'Rows in these publications.', () => counts.contributionsSent);
  total('contributions_received', 'Rows of other gateways that came in.', () => counts.contributionsReceived);
  total(
    'snapshots',
    'Times the whole cluster was read: once per connection to the engine.',
    () => counts.snapshots,
  );
  total('repaired_rows', 'Rows that the engine had lost and got again.', () => counts.repairs);
  total('refused_rows', 'Rows from the engine that could not be used.', () => counts.refused);
  metrics.gauge(
    'rollcall_cluster_gateway_refused_rows',
    'Rows of a gateway that could not be used.',
    (samples) => {
      for (const { id, refusedRows } of cluster.status().gateways)
        if (refusedRows !== undefined) samples.set({ gateway: id }, refusedRows);
    },
  );
  metrics.gauge('rollcall_cluster_repairing_rows', 'Rows that are not where they should be.', (samples) => {
    const { rowsLost = 0, rowsMissing = 0 } = cluster.status().repairing ?? {};
    samples.set({}, rowsLost + rowsMissing);
  });
  total('losses', 'Times the engine was lost.', () => counts.losses);
}
