import type { Contender } from '../contender.ts';
import type { Figures } from '../job.ts';
import { ClientGroup, watchOf } from '../load/client-group.ts';
import { startPhase } from '../load/phase.ts';
import { Producers } from '../load/producers.ts';
import { LatencySampler, SentBeacons } from '../load/sent-beacons.ts';
import { verifyViews } from '../load/verify-views.ts';
import { percentile } from '../statistics.ts';
import { cpuMetrics, pause, type Run, type Scenario } from './scenario.ts';

const ROWS = 200;
const IN_FLIGHT = 32;
const PACE_PER_SECOND = 100;
const PRODUCERS = 8;
const SAMPLERS = 8;

const contenders = [
  'ws-batch',
  'ws-adaptive',
  'socketio-diff',
  'socketio-full',
  'openclaw',
  'rollcall-delta',
  'rollcall-full',
];

/** As many beacons as the server takes. */
export const fanout: Scenario = {
  name: 'fanout',
  title: 'Fan-out, saturated',
  about:
    `${ROWS} rows, ${IN_FLIGHT} beacons in flight from up to ${PRODUCERS} of the watchers; latency is from sending a ` +
    'beacon to its row (or a newer one) at a sampled watcher. The clock includes the time until the last beacon is seen.',
  sizeUnit: 'watchers',
  sizes: [1, 50, 200, 1_000],
  quickSizes: [1, 20],
  contenders,
  largestSizes: { openclaw: 200 },
  baseline: 'ws-adaptive',
  metrics: [
    { key: 'beaconsPerSecond', label: 'beacons', unit: '/s', better: 'more' },
    { key: 'beaconsPerCpuSecond', label: 'beacons per server CPU second', unit: '', better: 'more' },
    {
      key: 'deliveriesPerCpuSecond',
      label: 'updates delivered per server CPU second',
      unit: '',
      better: 'more',
    },
    { key: 'p50Ms', label: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99Ms', label: 'p99', unit: 'ms', better: 'less' },
    { key: 'megabytesPerSecond', label: 'bytes', unit: 'MB/s', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: ROWS + size + 100 }),
  run: ({ size, quick, contender, server }) =>
    new FanOut(contender, server, size, ROWS).measure(quick ? 100 : 1_000, async (producers) => {
      const untilMs = performance.now() + (quick ? 300 : 5_000);
      await producers.run({ inFlight: IN_FLIGHT, goOn: () => performance.now() < untilMs });
    }),
};

/** A steady rate that every contender can take: what matters is how late the viewers are. */
export const paced: Scenario = {
  name: 'paced',
  title: 'Fan-out, paced',
  about:
    `${PACE_PER_SECOND} beacons a second whatever the answers do (open loop), as many rows as watchers, at most ${ROWS}; ` +
    'latency from sending a beacon to its row at a sampled watcher.',
  sizeUnit: 'watchers',
  sizes: [1, 50, 200, 1_000],
  quickSizes: [20],
  contenders,
  largestSizes: { 'socketio-full': 200, openclaw: 50 },
  baseline: 'ws-adaptive',
  metrics: [
    { key: 'p50Ms', label: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99Ms', label: 'p99', unit: 'ms', better: 'less' },
    { key: 'beaconsPerSecond', label: 'beacons', unit: '/s', better: 'more' },
    { key: 'beaconsPerCpuSecond', label: 'beacons per server CPU second', unit: '', better: 'more' },
    { key: 'megabytesPerSecond', label: 'bytes', unit: 'MB/s', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: ROWS + size + 100 }),
  run: ({ size, quick, contender, server }) =>
    new FanOut(contender, server, size, Math.min(size, ROWS)).measure(quick ? 100 : 1_000, (producers) =>
      producers.pace(PACE_PER_SECOND, quick ? 500 : 5_000),
    ),
};

/** One fan-out: watchers that are no rows themselves, and rows that some of the watchers beacon about. */
export class FanOut {
  readonly #group: ClientGroup;
  readonly #beacons: SentBeacons;
  readonly #watchers: number;
  readonly #contender: Contender;
  readonly #serverPid: number;
  readonly #samplers = new Map<unknown, LatencySampler>();

  constructor(contender: Contender, server: Run['server'], watchers: number, rows: number) {
    this.#group = new ClientGroup(contender, server);
    this.#beacons = new SentBeacons(rows);
    this.#watchers = watchers;
    this.#contender = contender;
    this.#serverPid = server.pid;
  }

  /** Seeds every row, warms up, measures `load`, then checks every view. */
  async measure(warmUpMs: number, load: (producers: Producers) => Promise<void>): Promise<Figures> {
    const producers = await this.#prepare();
    const warmUntilMs = performance.now() + warmUpMs;
    await producers.run({ inFlight: IN_FLIGHT, goOn: () => performance.now() < warmUntilMs });
    await this.#everythingSeen();
    const figures = await this.#measure(producers, load);
    const [sender] = this.#group.clients;
    if (sender) await verifyViews(this.#group, sender, this.#beacons.next(0, performance.now()));
    this.#group.close();
    return figures;
  }

  async #prepare(): Promise<Producers> {
    const watch = (position: number) => watchOf(this.#contender, position);
    const stride = Math.max(1, Math.floor(this.#watchers / SAMPLERS));
    const isSampler = (position: number) => position % stride === 0;
    await this.#group.open({ count: this.#watchers, firstIndex: 0, listed: false, watch, isSampler });
    for (const sampler of this.#group.samplers)
      this.#samplers.set(sampler, new LatencySampler(this.#beacons));
    this.#group.onStep = (client, step) => {
      if (step) this.#samplers.get(client)?.look(step, performance.now());
    };
    const producers = new Producers(this.#group, this.#group.clients.slice(0, PRODUCERS), this.#beacons);
    await producers.run({ inFlight: IN_FLIGHT, goOn: (sent) => sent < 2 * this.#beacons.rows });
    return producers;
  }

  async #measure(producers: Producers, load: (producers: Producers) => Promise<void>): Promise<Figures> {
    for (const sampler of this.#samplers.values()) sampler.startCounting(performance.now());
    const beaconsBefore = producers.acknowledged;
    const bytesBefore = this.#group.bytes();
    const end = startPhase(this.#serverPid);
    await load(producers);
    await this.#everythingSeen();
    const cost = end();
    const beacons = producers.acknowledged - beaconsBefore;
    const latenciesMs = [...this.#samplers.values()].flatMap((sampler) => sampler.latenciesMs);
    return {
      ...cost,
      beaconsPerSecond: beacons / cost.seconds,
      beaconsPerCpuSecond: beacons / cost.serverCpuSeconds,
      deliveriesPerCpuSecond: (beacons * this.#watchers) / cost.serverCpuSeconds,
      cpuMicrosPerBeacon: (cost.serverCpuSeconds * 1_000_000) / beacons,
      p50Ms: percentile(latenciesMs, 50),
      p99Ms: percentile(latenciesMs, 99),
      megabytesPerSecond: (this.#group.bytes() - bytesBefore) / 1_000_000 / cost.seconds,
    };
  }

  async #everythingSeen(): Promise<void> {
    let waiting = true;
    const seen = async () => {
      while (waiting && ![...this.#samplers.values()].every((sampler) => sampler.isCurrent())) await pause(2);
    };
    await this.#group
      .unlessBroken(seen(), 'the sampled watchers see the last beacon', 300_000)
      .finally(() => {
        waiting = false;
      });
  }
}
