import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import { ageMs, presenceKey, statusOf } from '../../core/index.ts';
import type { ClusterMember } from '../../sources/cluster/index.ts';
import type { GatewayCounts, Tally } from '../counts.ts';
import type { FanOut } from '../fan-out/fan-out.ts';
import type { Presence } from '../presence/presence.ts';
import { clusterMetrics } from './cluster-metrics.ts';
import { counter, gauge } from './read-metric.ts';

/** What metrics are read from; everything is counted elsewhere, and read when somebody asks. */
export interface MetricsSources {
  readonly presence: Presence;
  readonly fanOut: FanOut;
  readonly counts: GatewayCounts;
  readonly connections: () => Iterable<{ readonly role: string; readonly state: string }>;
  readonly streams: () => number;
  readonly bytesSent: () => number;
  readonly cluster: ClusterMember | undefined;
}

/** Metrics in the exposition format of Prometheus. No label names an instance, a host or an address (PA4). */
export interface Metrics {
  text(): Promise<string>;
  close(): void;
}

/** Modes that have a label of their own; any other word, which a client may choose, counts as `other`. */
const knownModes = new Set(['gateway', 'ui', 'webchat', 'cli', 'backend', 'node', 'probe', 'test']);

/** How often the event loop is looked at; the histogram of Node counts this time as delay, so it is taken off. */
const delayResolutionMs = 20;

/** Makes the registry of one gateway. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  gauges(registry, sources);
  counters(registry, sources);
  eventLoopDelay(registry, delay);
  if (sources.cluster !== undefined) clusterMetrics(registry, sources.cluster);
  return { text: () => registry.metrics(), close: () => delay.disable() };
}

function gauges(registry: Registry, { presence, connections, streams }: MetricsSources): void {
  gauge(
    registry,
    'rollcall_connections',
    'WebSocket connections by role and state.',
    ['role', 'state'],
    (set) => {
      for (const { role, state } of connections()) set.inc({ role, state });
    },
  );
  gauge(registry, 'rollcall_streams', 'Readers of server-sent events.', [], (set) => set.set(streams()));
  gauge(
    registry,
    'rollcall_instances',
    'Rows of the roster by mode and status.',
    ['mode', 'status'],
    (set) => {
      const now = presence.now();
      for (const view of presence.roster.views(now)) {
        const mode = presenceKey(view.mode) ?? 'unknown';
        const status = statusOf(ageMs(view, now.wallMs));
        set.inc({ mode: mode === 'unknown' || knownModes.has(mode) ? mode : 'other', status });
      }
    },
  );
  gauge(registry, 'rollcall_instances_max', 'Most rows that fit.', [], (set) =>
    set.set(presence.roster.maxEntries),
  );
  gauge(registry, 'rollcall_roster_version', 'Version of the roster in this run.', [], (set) =>
    set.set(presence.roster.version),
  );
}

function counters(registry: Registry, { fanOut, counts, bytesSent }: MetricsSources): void {
  const total = (name: string, help: string, read: () => number): void =>
    counter(registry, name, help, [], (sum) => sum.inc(read()));
  counter(
    registry,
    'rollcall_changes_total',
    'Visible changes by kind and producer.',
    ['kind', 'cause'],
    (sum) => {
      for (const [word, count] of counts.changes) {
        const [kind = '', cause = ''] = word.split(' ');
        sum.inc({ kind, cause }, count);
      }
    },
  );
  tally(registry, 'rollcall_handshake_refusals_total', 'Refused handshakes by code.', counts.refusals);
  total('rollcall_passes_total', 'Passes of the fan-out.', () => fanOut.counts.passes);
  total('rollcall_events_sent_total', 'Events sent to viewers.', () => fanOut.counts.eventsSent);
  total(
    'rollcall_events_conflated_total',
    'Events skipped for readers who were behind.',
    () => fanOut.counts.conflated,
  );
  total(
    'rollcall_slow_consumers_total',
    'Connections closed for reading too slowly.',
    () => counts.slowConsumers,
  );
  total('rollcall_sent_bytes_total', 'Bytes sent on all connections.', bytesSent);
}

function tally(registry: Registry, name: string, help: string, words: Tally): void {
  counter(registry, name, help, ['code'], (sum) => {
    for (const [code, count] of words) sum.inc({ code }, count);
  });
}

/** One gauge per percentile: the label `quantile` is for summaries alone. The last one that is read starts anew. */
function eventLoopDelay(registry: Registry, delay: IntervalHistogram): void {
  const secondsAt = (percentile: number): number =>
    Math.max(0, delay.percentile(percentile) / 1e6 - delayResolutionMs) / 1000;
  const read = (percentile: number, then: () => void): void => {
    const help = `Delay of the event loop since the last reading, ${percentile} % were shorter.`;
    gauge(registry, `rollcall_event_loop_delay_p${percentile}_seconds`, help, [], (set) => {
      set.set(secondsAt(percentile));
      then();
    });
  };
  read(50, () => {});
  read(99, () => delay.reset());
}
