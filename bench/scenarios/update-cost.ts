import { FanOut } from './fanout.ts';
import { cpuMetrics, type Scenario } from './scenario.ts';

const WATCHERS = 10;
const IN_FLIGHT = 32;

/** Work per change must follow the change, not the roster. */
export const updateCost: Scenario = {
  name: 'update-cost',
  title: 'Cost of an update against the size of the roster',
  about: `${WATCHERS} watchers of deltas, ${IN_FLIGHT} beacons in flight over all rows in turn; server CPU per beacon.`,
  sizeUnit: 'rows',
  sizes: [200, 2_000, 20_000, 100_000],
  quickSizes: [200, 1_000],
  contenders: ['ws-batch', 'rollcall-delta'],
  baseline: 'ws-batch',
  metrics: [
    { key: 'cpuMicrosPerBeacon', label: 'server CPU per beacon', unit: 'µs', better: 'less' },
    { key: 'beaconsPerSecond', label: 'beacons', unit: '/s', better: 'more' },
    { key: 'p50Ms', label: 'p50', unit: 'ms', better: 'less' },
    { key: 'p99Ms', label: 'p99', unit: 'ms', better: 'less' },
    ...cpuMetrics,
  ],
  needs: (size) => ({ maxEntries: size + WATCHERS + 100 }),
  run: ({ size, quick, contender, server }) => {
    const beacons = quick ? 2_000 : 60_000;
    return new FanOut(contender, server, WATCHERS, size).measure(quick ? 100 : 1_000, (producers) =>
      producers.run({ inFlight: IN_FLIGHT, goOn: (sent) => sent < beacons }),
    );
  },
};
