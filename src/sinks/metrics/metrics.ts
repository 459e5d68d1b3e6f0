import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { type Change, type PresenceReader, presenceKey, type Sink } from '../../core/index.ts';
import { knownModes, presenceStateOf } from '../../viewer/index.ts';
import type { FanOutCounts } from '../viewers/fan-out.ts';
import { type ClusterNumbers, clusterMetrics } from './cluster-metrics.ts';
import { MetricSet } from './metric-set.ts';
import { type NoticeNumbers, noticeMetrics } from './notice-metrics.ts';
import { type UpstreamNumbers, upstreamMetrics } from './upstream-metrics.ts';

/** A number per word, for words from a small fixed set. */
export type Tally = ReadonlyMap<string, number>;

/** What happened since the gateway started, for metrics. */
export class GatewayCounts {
  /** Visible changes by kind, and of each kind by trigger. */
  readonly changes: Readonly<Record<Change['kind'], Map<string, number>>> = {
    upsert: new Map(),
    remove: new Map(),
  };
  /** Refused handshakes by code. */
  readonly refusals: Map<string, number> = new Map();
  /** Connections that were closed for reading too slowly (PL2). */
  slowConsumers = 0;

  changed(changes: readonly Change[]): void {
    for (const { kind, trigger } of changes) count(this.changes[kind], trigger);
  }

  refused(code: string): void {
    count(this.refusals, code);
  }
}

function count(tally: Map<string, number>, word: string): void {
  tally.set(word, (tally.get(word) ?? 0) + 1);
}

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
  readonly #metrics = new MetricSet();
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  #unsubscribe = (): void => {};

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    gauges(this.#metrics, sources);
    counters(this.#metrics, sources);
    eventLoopDelay(this.#metrics, this.#delay);
    if (sources.cluster !== undefined) clusterMetrics(this.#metrics, sources.cluster);
    upstreamMetrics(this.#metrics, sources.upstreams);
    noticeMetrics(this.#metrics, sources.notices);
  }

  start(): void {
    this.#delay.enable();
    const { presence, counts } = this.#sources;
    this.#unsubscribe = presence.subscribe((changes) => counts.changed(changes));
  }

  text(): string {
    return this.#metrics.text();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#delay.disable();
  }
}

function gauges(metrics: MetricSet, { presence, connections, streams }: MetricsSources): void {
  metrics.gauge('rollcall_connections', 'WebSocket connections by role and state.', (samples) => {
    for (const { role, state } of connections()) samples.add({ role, state });
  });
  metrics.gauge('rollcall_streams', 'Readers of server-sent events.', (samples) =>
    samples.set({}, streams()),
  );
  metrics.gauge('rollcall_instances', 'Rows of the roster by mode and state.', (samples) => {
    const now = presence.now();
    for (const view of presence.list()) {
      const mode = presenceKey(view.mode) ?? 'unknown';
      const state = presenceStateOf(view, now.wallMs);
      samples.add({ mode: mode === 'unknown' || labelledModes.has(mode) ? mode : 'other', state });
    }
  });
  metrics.gauge('rollcall_instances_max', 'Most rows that fit.', (samples) =>
    samples.set({}, presence.maxEntries),
  );
  metrics.gauge('rollcall_roster_version', 'Version of the roster in this run.', (samples) =>
    samples.set({}, presence.version),
  );
}

function counters(metrics: MetricSet, { flushes, counts, bytesSent, sinkErrors }: MetricsSources): void {
  const total = (name: string, help: string, read: () => number): void =>
    metrics.counter(name, help, (samples) => samples.add({}, read()));
  metrics.counter('rollcall_changes_total', 'Visible changes by kind and producer.', (samples) => {
    for (const [kind, byCause] of Object.entries(counts.changes))
      for (const [cause, count] of byCause) samples.add({ kind, cause }, count);
  });
  tally(
    metrics,
    'rollcall_handshake_refusals_total',
    'Refused handshakes by code.',
    'code',
    () => counts.refusals,
  );
  tally(metrics, 'rollcall_sink_errors_total', 'Errors of sinks, by their name.', 'sink', sinkErrors);
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

function tally(metrics: MetricSet, name: string, help: string, label: string, read: () => Tally): void {
  metrics.counter(name, help, (samples) => {
    for (const [word, count] of read()) samples.add({ [label]: word }, count);
  });
}

/** One gauge per percentile: the label `quantile` is for summaries alone. The last one that is read starts anew. */
function eventLoopDelay(metrics: MetricSet, delay: IntervalHistogram): void {
  const secondsAt = (percentile: number): number =>
    Math.max(0, delay.percentile(percentile) / 1e6 - delayResolutionMs) / 1000;
  const read = (percentile: number, then: () => void): void => {
    const help = `Delay of the event loop since the last reading, ${percentile} % were shorter.`;
    metrics.gauge(`rollcall_event_loop_delay_p${percentile}_seconds`, help, (samples) => {
      samples.set({}, secondsAt(percentile));
      then();
    });
  };
  read(50, () => {});
  read(99, () => delay.reset());
}
