import { ClusterClient } from '../load/cluster-client.ts';
import { restingMebibytes } from '../load/resting-memory.ts';
import { cpuSeconds } from '../runner/process-usage.ts';
import { UpstreamDouble } from '../servers/upstream-doubles.ts';
import { startUpstreamGateway } from '../servers/upstream-gateway.ts';
import { percentile } from '../statistics.ts';
import { pause, type Run, type Scenario } from './scenario.ts';

/** Of each upstream, its own among them. */
const ROWS = 200;
const CHANGES_PER_SECOND = 10;
const LOOK_EVERY_MS = 50;
const GIVE_UP_MS = 60_000;

/** One roster over gateways that others run: their cost, the latency of a change, and the effect of one that hangs. */
export const upstreams: Scenario = {
  name: 'upstreams',
  title: 'Upstreams',
  about:
    `Doubles of OpenClaw gateways with ${ROWS} rows each, which send the whole list after each change; ${CHANGES_PER_SECOND} changes/s in all. ` +
    'From a change until a viewer of the gateway has it; CPU time of the gateway, not wall time, as a part of one core; ' +
    'resident memory above that of a gateway without upstreams, garbage collected, right after the changes. ' +
    'Then the same changes while one of them hangs.',
  sizeUnit: 'upstreams',
  sizes: [1, 10, 50],
  quickSizes: [2],
  contenders: ['upstreams'],
  baseline: 'upstreams',
  metrics: [
    { key: 'p99Ms', label: 'change to viewer p99', unit: 'ms', better: 'less' },
    { key: 'p50Ms', label: 'change to viewer p50', unit: 'ms', better: 'less' },
    { key: 'hangingP99Ms', label: 'p99 while one hangs', unit: 'ms', better: 'less' },
    { key: 'corePercent', label: 'CPU', unit: '% of a core', better: 'less' },
    { key: 'mebibytesAbove', label: 'memory above a gateway alone', unit: 'MiB', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

async function run({ size, quick }: Run): Promise<Record<string, number>> {
  const alone = await startUpstreamGateway([]);
  const aloneMebibytes = await restingMebibytes(alone.pid, quick);
  await alone.stop();
  const doubles = await Promise.all(
    Array.from({ length: size }, (_, index) => UpstreamDouble.start(`u${index}`, ROWS - 1)),
  );
  const gateway = await startUpstreamGateway(doubles.map(({ url }) => url));
  const viewer = await ClusterClient.connect(gateway.port, gateway.token, 0);
  try {
    await listed(viewer, size * (ROWS - 1));
    const seconds = quick ? 2 : 15;
    await changes(viewer, doubles, quick ? 1 : 3);
    const before = cpuSeconds(gateway.pid);
    const tookMs = await changes(viewer, doubles, seconds);
    const corePercent = ((cpuSeconds(gateway.pid) - before) * 100) / seconds;
    const mebibytesAbove = (await restingMebibytes(gateway.pid, quick)) - aloneMebibytes;
    const hangingMs = await whileOneHangs(viewer, doubles, seconds);
    return {
      p50Ms: percentile(tookMs, 50),
      p99Ms: percentile(tookMs, 99),
      hangingP99Ms: percentile(hangingMs, 99),
      corePercent,
      mebibytesAbove,
    };
  } finally {
    viewer.close();
    await gateway.stop();
    await Promise.all(doubles.map((double) => double.stop()));
  }
}

/** Changes while one upstream is silent; a single upstream has no others to measure. */
async function whileOneHangs(
  viewer: ClusterClient,
  [hanging, ...others]: readonly UpstreamDouble[],
  seconds: number,
): Promise<number[]> {
  if (others.length === 0) return [0];
  hanging?.hang();
  return changes(viewer, others, seconds);
}

/** Waits until so many rows are listed, gateways aside. */
async function listed(viewer: ClusterClient, rows: number): Promise<void> {
  for (const endMs = performance.now() + GIVE_UP_MS; ; ) {
    const there = (JSON.parse(await viewer.rows()) as unknown[]).length;
    if (there === rows) return;
    if (performance.now() > endMs) throw new Error(`${there} rows are listed where ${rows} are expected`);
    await pause(LOOK_EVERY_MS);
  }
}

let lastNumber = 0;

/** Changes at a steady rate, of one upstream after the other; how long each took to reach the viewer. */
async function changes(
  viewer: ClusterClient,
  doubles: readonly UpstreamDouble[],
  seconds: number,
): Promise<number[]> {
  const sentAtMs = new Map<number, number>();
  const tookMs: number[] = [];
  viewer.onRow = (_, number, atMs) => {
    const sentMs = sentAtMs.get(number);
    if (sentMs === undefined) return;
    sentAtMs.delete(number);
    tookMs.push(atMs - sentMs);
  };
  const count = seconds * CHANGES_PER_SECOND;
  const startedMs = performance.now();
  for (let at = 0; at < count; at++) {
    const waitMs = startedMs + (at * 1_000) / CHANGES_PER_SECOND - performance.now();
    if (waitMs > 1) await pause(waitMs);
    lastNumber += 1;
    sentAtMs.set(lastNumber, performance.now());
    doubles[at % doubles.length]?.change(lastNumber % (ROWS - 1), lastNumber);
  }
  for (const endMs = performance.now() + GIVE_UP_MS; sentAtMs.size > 0; await pause(LOOK_EVERY_MS))
    if (performance.now() > endMs) throw new Error(`${sentAtMs.size} changes never reached the viewer`);
  return tookMs;
}
