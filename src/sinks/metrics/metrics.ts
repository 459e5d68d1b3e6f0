import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import { type PresenceReader, presenceKey, type Sink } from '../../core/index.ts';
import { knownModes, presenceStateOf } from '../../viewer/index.ts';
import type { FanOutCounts } from '../viewers/fan-out.ts';
import { type ClusterNumbers, clusterMetrics } from './cluster-metrics.ts';
import type { GatewayCounts, Tally } from './gateway-counts.ts';
import { type NoticeNumbers, noticeMetrics } from './notice-metrics.ts';
import { counter, gauge } from './read-metric.ts';
import { type UpstreamNumbers, upstreamMetrics } from './upstream-metrics.ts';

/** What metrics are read from; everything is counted elsewhere, and read when somebody asks. */
export interface MetricsSources {
  readonly presence: PresenceReader;
  readonly flushes: FanOutCounts;
  readonly counts: GatewayCounts;
  readonly connections: () => Iterable<{ readonly role: string; readonly state: string }>;
  readonly streams: () => number;
  readonly bytesSent: () => number;
  /** Errors of sinks, by their name. */
  readonly sinkErrors: () => ReadonlyMap<string, number>;
  readonly cluster: ClusterNumbers | undefined;
  readonly upstreams: () => readonly UpstreamNumbers[];
  readonly notices: () => NoticeNumbers | undefined;
}

/** Modes that have a label of their own; any other word, which a client may choose, counts as `other`. */
const labelledModes: ReadonlySet<string> = new Set(knownModes);

/** How often the event loop is looked at; the histogram of Node counts this time as delay, so it is taken off. */
const delayResolutionMs = 20;

/** Metrics in the exposition format of Prometheus. No label names an instance, a host or an address (PA4). */
export class Metrics implements Sink {
  readonly name = 'metrics';
  readonly #sources: MetricsSources;
  readonly #registry = new Registry();
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  #unsubscribe = (): void => {};

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    gauges(this.#registry, sources);
    counters(this.#registry, sources);
    eventLoopDelay(this.#registry, this.#delay);
    if (sources.cluster !== undefined) clusterMetrics(this.#registry, sources.cluster);
    upstreamMetrics(this.#registry, sources.upstreams);
    noticeMetrics(this.#registry, sources.notices);
  }

  start(): void {
    this.#delay.enable();
    const { presence, counts } = this.#sources;
    this.#unsubscribe = presence.subscribe((changes) => counts.changed(changes));
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#delay.disable();
  }
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
  gauge(registry, 'rollcall_instances', 'Rows of the roster by mode and state.', ['mode', 'state'], (set) => {
    const now = presence.now();
    for (const view of presence.list()) {
      const mode = presenceKey(view.mode) ?? 'unknown';
      const state = presenceStateOf(view, now.wallMs);
      set.inc({ mode: mode === 'unknown' || labelledModes.has(mode) ? mode : 'other', state });
    }
  });
  gauge(registry, 'rollcall_instances_max', 'Most rows that fit.', [], (set) => set.set(presence.maxEntries));
  gauge(registry, 'rollcall_roster_version', 'Version of the roster in this run.', [], (set) =>
    set.set(presence.version),
  );
}

function counters(registry: Registry, { flushes, counts, bytesSent, sinkErrors }: MetricsSources): void {
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
  tally(
    registry,
    'rollcall_handshake_refusals_total',
    'Refused handshakes by code.',
    'code',
    () => counts.refusals,
  );
  tally(registry, 'rollcall_sink_errors_total', 'Errors of sinks, by their name.', 'sink', sinkErrors);
  total('rollcall_passes_total', 'Passes of the fan-out.', () => flushes.flushes);
  total('rollcall_events_sent_total', 'Events sent to viewers.', () => flushes.eventsSent);
  total(
    'rollcall_events_conflated_total',
    'Events skipped for readers who were behind.',
    () => flushes.conflated,
  );
  total(
    'rollcall_slow_consumers_total',
    'Connections closed for reading too slowly.',
    () => counts.slowConsumers,
  );
  total('rollcall_sent_bytes_total', 'Bytes sent on all connections.', bytesSent);
}

function tally(registry: Registry, name: string, help: string, label: string, read: () => Tally): void {
  counter(registry, name, help, [label], (sum) => {
    for (const [word, count] of read()) sum.inc({ [label]: word }, count);
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
