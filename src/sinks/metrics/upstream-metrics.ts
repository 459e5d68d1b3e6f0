import type { Registry } from 'prom-client';
import { gauge } from './read-metric.ts';

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
export function upstreamMetrics(registry: Registry, upstreams: () => readonly UpstreamNumbers[]): void {
  const each = (name: string, help: string, read: (upstream: UpstreamNumbers) => number | undefined): void =>
    gauge(registry, `rollcall_upstream_${name}`, help, ['upstream'], (set) => {
      for (const upstream of upstreams()) {
        const value = read(upstream);
        if (value !== undefined) set.set({ upstream: upstream.name }, value);
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
