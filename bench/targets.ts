import { contenderOf } from './contender.ts';
import { type FigureName, figure, ratio, type ScenarioReport } from './report/report.ts';

/** A target of the benchmark. */
export interface Target {
  readonly scenario: string;
  readonly text: string;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  readonly unit: string;
  /** The value that counts; undefined when a contender that it needs was not measured. */
  readonly measured: (report: ScenarioReport) => number | undefined;
}

/** A target and its result. */
export interface TargetResult {
  readonly target: Target;
  readonly measured: number | undefined;
  readonly result: 'ok' | 'missed' | 'not measured';
  /** Day of the run. */
  readonly measuredOn?: string;
}

type Measure = Target['measured'];

/** The targets, in one place. A ratio is the median over turns of one run's value divided by the other's. */
export const targets: readonly Target[] = [
  atMost(
    'storm',
    2.5,
    '×',
    'storm of 1 000: delta clients against raw connects',
    times(1_000, 'seconds', 'rollcall-delta', 'ws-raw'),
  ),
  atMost(
    'storm',
    1 / 5,
    '×',
    'storm of 1 000: delta clients against Socket.IO diff',
    times(1_000, 'seconds', 'rollcall-delta', 'socketio-diff'),
  ),
  atMost(
    'storm',
    1.3,
    '×',
    'storm of 1 000: bytes per delta client against the final list',
    value(1_000, 'listsPerClient', 'rollcall-delta'),
  ),
  atMost(
    'storm',
    1 / 60,
    '×',
    'storm of 1 000: full-list clients against OpenClaw',
    times(1_000, 'seconds', 'rollcall-full', 'openclaw'),
  ),
  atMost(
    'storm',
    1 / 25,
    '×',
    'storm of 1 000: bytes of full-list clients against a list per change',
    value(1_000, 'bytesOfListPerChange', 'rollcall-full'),
  ),
  atLeast(
    'fanout',
    0.7,
    '×',
    '200 × 200 saturated: full-list clients against raw adaptive',
    times(200, 'beaconsPerSecond', 'rollcall-full', 'ws-adaptive'),
  ),
  atLeast(
    'fanout',
    400,
    '×',
    '200 × 200 saturated: full-list clients against OpenClaw',
    times(200, 'beaconsPerSecond', 'rollcall-full', 'openclaw'),
  ),
  atMost(
    'fanout',
    60,
    'ms',
    '200 × 200 saturated: full-list clients, p99',
    value(200, 'p99Ms', 'rollcall-full'),
  ),
  atLeast(
    'fanout',
    8,
    '×',
    '200 × 200 saturated: deliveries per server CPU second, delta clients against Socket.IO diff',
    times(200, 'deliveriesPerCpuSecond', 'rollcall-delta', 'socketio-diff'),
  ),
  atMost(
    'paced',
    1.25,
    '×',
    '50 × 50 paced: p50, full-list clients against raw adaptive',
    times(50, 'p50Ms', 'rollcall-full', 'ws-adaptive'),
  ),
  atMost(
    'paced',
    1.25,
    '×',
    '50 × 50 paced: p50, delta clients against raw adaptive',
    times(50, 'p50Ms', 'rollcall-delta', 'ws-adaptive'),
  ),
  atMost('paced', 4, 'ms', '50 × 50 paced: p99, full-list clients', value(50, 'p99Ms', 'rollcall-full')),
  atMost('paced', 4, 'ms', '50 × 50 paced: p99, delta clients', value(50, 'p99Ms', 'rollcall-delta')),
  atLeast(
    'fanout',
    0.6,
    '×',
    'one watcher of full lists against raw adaptive',
    times(1, 'beaconsPerSecond', 'rollcall-full', 'ws-adaptive'),
  ),
  atLeast(
    'fanout',
    0.6,
    '×',
    'one watcher of deltas against raw batches',
    times(1, 'beaconsPerSecond', 'rollcall-delta', 'ws-batch'),
  ),
  atLeast('list', 0.8, '×', 'list RPC against raw', times(200, 'listsPerSecond', 'rollcall-full', 'ws-raw')),
  atMost(
    'mcp-call',
    15,
    'ms',
    'MCP: server CPU of who_is_here at 200 rows',
    value(200, 'cpuMillisPerCall', 'mcp'),
  ),
  atMost(
    'mcp-call',
    4,
    '×',
    'MCP: server CPU of who_is_here against the list over HTTP',
    times(200, 'cpuMillisPerCall', 'mcp', 'http-list'),
  ),
  atMost(
    'page',
    1_000,
    'ms',
    'page of 10 000 rows: the first row is drawn after',
    value(10_000, 'firstRowWallMs', 'page'),
  ),
  atMost(
    'page',
    0.5,
    '×',
    'page of 10 000 rows: CPU to the first row against a plain page',
    times(10_000, 'firstRowMs', 'page', 'page-plain'),
  ),
  atMost(
    'page',
    50,
    'ms',
    'page of 10 000 rows: longest task, CPU, at 50 changes/s',
    value(10_000, 'longestTaskMs', 'page'),
  ),
  atMost(
    'idle',
    1.4,
    '×',
    'idle connection, entry included, against raw',
    times(10_000, 'kibibytesPerConnection', 'rollcall', 'ws-raw'),
  ),
  atMost(
    'commands',
    250,
    'ms',
    'rollcall gateway: from its start until it listens',
    value(1, 'wallMillis', 'command-gateway'),
  ),
  atMost(
    'commands',
    75,
    'MiB',
    'rollcall gateway: memory at rest',
    value(1, 'restMebibytes', 'command-gateway'),
  ),
  ...(
    [
      ['command-version', 1.3],
      ['command-list', 1.8],
      ['command-gateway', 2.2],
    ] as const
  ).map(([command, limit]) =>
    atMost(
      'commands',
      limit,
      '×',
      `CPU of ${contenderOf(command).label} against node -e 0`,
      times(1, 'cpuMillis', command, 'node'),
    ),
  ),
  atMost(
    'churn',
    5,
    '%',
    'churn of 300/s, no failure: memory growth, delta watchers',
    value(300, 'growthPercent', 'rollcall-delta'),
  ),
  atMost(
    'churn',
    5,
    '%',
    'churn of 300/s, no failure: memory growth, full-list watchers',
    value(300, 'growthPercent', 'rollcall-full'),
  ),
  atMost(
    'update-cost',
    1.5,
    '×',
    'cost of an update at 100 000 rows against 200',
    growth('cpuMicrosPerBeacon', 'rollcall-delta', 200, 100_000),
  ),
  atMost(
    'roster',
    2,
    '×',
    'roster: touch, fastest size against slowest',
    spread('touchesPerSecond', 'roster'),
  ),
  atMost(
    'roster',
    2,
    '×',
    'roster: upsert, fastest size against slowest',
    spread('upsertsPerSecond', 'roster'),
  ),
  atMost(
    'roster',
    2,
    '×',
    'roster: evict, fastest size against slowest',
    spread('evictsPerSecond', 'roster'),
  ),
  atMost(
    'client',
    15,
    'µs',
    'client: a delta of one row among 200, frame and listeners included',
    value(200, 'microsPerDelta', 'client'),
  ),
  atMost(
    'client',
    3,
    '×',
    'client: a delta at 100 000 rows against 200',
    growth('microsPerDelta', 'client', 200, 100_000),
  ),
  atMost('client', 5, 'µs', 'client: a tick at 100 000 rows', value(100_000, 'microsPerTick', 'client')),
  atMost(
    'journal',
    3,
    'µs',
    'journal: a change costs more than without, 200 rows',
    more(200, 'microsPerChange', 'journal', 'journal-off'),
  ),
  atMost(
    'journal',
    3,
    'µs',
    'journal: a change costs more than without, 10 000 rows',
    more(10_000, 'microsPerChange', 'journal', 'journal-off'),
  ),
  atMost(
    'journal-at',
    5,
    'ms',
    'journal: the last hour among 10 000 entries',
    value(10_000, 'hourMs', 'journal'),
  ),
  atMost(
    'journal-at',
    5,
    'ms',
    'journal: the list at a moment, 10 000 entries',
    value(10_000, 'atMs', 'journal'),
  ),
  atMost('notices', 5, 'µs', 'notices: a change with 20 rules', value(20, 'microsPerChange', 'notices')),
  atMost(
    'notices',
    1,
    '×',
    'notices: a change with 100 rules against asking each rule',
    times(100, 'microsPerChange', 'notices', 'notices-plain'),
  ),
  ...['redis', 'nats'].flatMap((engine) => [
    atMost(
      'cluster',
      250,
      'ms',
      `5 gateways on ${engine}: convergence p99 at 200 changes/s`,
      value(5, 'convergenceP99Ms', `cluster-${engine}`),
    ),
    atMost(
      'cluster',
      2_000,
      'ms',
      `5 gateways on ${engine}: healing after an outage of the engine`,
      value(5, 'healingMs', `cluster-${engine}`),
    ),
  ]),
  atMost(
    'upstreams',
    250,
    'ms',
    '50 upstreams of 200 rows: change to viewer, p99',
    value(50, 'p99Ms', 'upstreams'),
  ),
  atMost(
    'upstreams',
    250,
    'ms',
    '50 upstreams, one of them hangs: p99',
    value(50, 'hangingP99Ms', 'upstreams'),
  ),
  atMost(
    'upstreams',
    10,
    '%',
    '50 upstreams of 200 rows: part of a core',
    value(50, 'corePercent', 'upstreams'),
  ),
  atMost(
    'upstreams',
    60,
    'MiB',
    '50 upstreams of 200 rows: memory above one gateway',
    value(50, 'mebibytesAbove', 'upstreams'),
  ),
];

/** Checks every target; scenarios that were not measured, or only quickly, leave theirs open. */
export function checkTargets(
  reports: readonly ScenarioReport[],
  checked: readonly Target[] = targets,
): TargetResult[] {
  return checked.map((target) => {
    const report = reports.find((one) => one.scenario === target.scenario);
    const measured = report && !report.quick ? target.measured(report) : undefined;
    return {
      target,
      measured,
      result: resultOf(target, measured),
      ...(report !== undefined && { measuredOn: report.measuredOn }),
    };
  });
}

function resultOf({ bound, limit }: Target, measured: number | undefined): TargetResult['result'] {
  if (measured === undefined) return 'not measured';
  return (bound === 'at most' ? measured <= limit : measured >= limit) ? 'ok' : 'missed';
}

function atMost(scenario: string, limit: number, unit: string, text: string, measured: Measure): Target {
  return { scenario, text, bound: 'at most', limit, unit, measured };
}

function atLeast(scenario: string, limit: number, unit: string, text: string, measured: Measure): Target {
  return { scenario, text, bound: 'at least', limit, unit, measured };
}

function value(size: number, metric: string, contender: string): Measure {
  return (report) => figure(report, { size, contender, metric })?.median;
}

function times(size: number, metric: string, contender: string, baseline: string): Measure {
  return (report) =>
    ratio(report, { size, contender, metric }, { size, contender: baseline, metric })?.median;
}

/** How much more than the baseline, in the unit of the metric. */
function more(size: number, metric: string, contender: string, baseline: string): Measure {
  return (report) => {
    const [own, other] = [contender, baseline].map((id) => figure(report, { size, contender: id, metric }));
    return own && other ? own.median - other.median : undefined;
  };
}

function growth(metric: string, contender: string, fromSize: number, toSize: number): Measure {
  return (report) =>
    ratio(report, { size: toSize, contender, metric }, { size: fromSize, contender, metric })?.median;
}

/** Greatest median over all sizes divided by the least; needs at least two sizes. */
function spread(metric: string, contender: string): Measure {
  return (report) => {
    const names = report.cells.map(({ size }): FigureName => ({ size, contender, metric }));
    const medians = names.map((name) => figure(report, name)?.median).filter((one) => one !== undefined);
    return medians.length < 2 ? undefined : Math.max(...medians) / Math.min(...medians);
  };
}
