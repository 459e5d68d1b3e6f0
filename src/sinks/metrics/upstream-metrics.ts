import type { MetricSet } from './metric-set.ts';

/** What the metrics of an upstream are read from. */
export interface UpstreamNumbers {
  readonly name: string;
  readonly state: string;
  readonly rows: number;
  readonly latencyMs?: number;
  /** Milliseconds since the epoch. */
  readonly lastHeardAtMs?: number;
}

/** Metrics of the upstreams of a gateway; the label is the name in the configuration. */
export function upstreamMetrics(metrics: MetricSet, upstreams: () => readonly UpstreamNumbers[]): void {
  const each = (name: string, help: string, read: (upstream: UpstreamNumbers) => number | undefined): void =>
    metrics.gauge(`rollcall_upstream_${name}`, help, (samples) => {
      for (const upstream of upstreams()) {
        const value = read(upstream);
        if (value !== undefined) samples.set({ upstream: upstream.name }, value);
      }
    });
  each('up', '1 while the upstream is read.', ({ state }) => (state === 'up' ? 1 : 0));
  each('rows', 'Rows that the upstream holds.', ({ rows }) => rows);
  each('latency_seconds', 'Round trip of the latest ping to the upstream.', ({ latencyMs }) =>
    latencyMs === undefined ? undefined : latencyMs / 1000,
  );
  each('last_heard_timestamp_seconds', 'When the upstream was last heard.', ({ lastHeardAtMs }) =>
    lastHeardAtMs === undefined ? undefined : lastHeardAtMs / 1000,
  );
}
