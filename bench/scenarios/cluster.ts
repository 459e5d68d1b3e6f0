import { ClusterClient } from '../load/cluster-client.ts';
import { cpuSeconds } from '../runner/process-usage.ts';
import { type ClusterServers, startCluster } from '../servers/cluster-servers.ts';
import { percentile } from '../statistics.ts';
import { pause, type Run, type Scenario } from './scenario.ts';

const CHANGES_PER_SECOND = 200;
const ROWS = 150;
const OUTSTANDING = 16;
const OUTAGE_MS = 1_000;
const LOOK_EVERY_MS = 20;

/** Several gateways on one engine: latency of a change to all, throughput, recovery after an outage. */
export const cluster: Scenario = {
  name: 'cluster',
  title: 'Cluster',
  about:
    `Gateways in processes of their own on one engine. Convergence: ${CHANGES_PER_SECOND} changes/s on one gateway, from sending ` +
    'a change until the viewers of all gateways have it. Throughput: a writer at every gateway, as fast as answers come; at the end ' +
    'all lists must be the same bytes. Healing: the engine is killed, every gateway changes, the engine starts empty; until all lists are the ' +
    'same bytes again.',
  sizeUnit: 'gateways',
  sizes: [1, 2, 3, 5],
  quickSizes: [2],
  contenders: ['cluster-redis', 'cluster-nats'],
  baseline: 'cluster-redis',
  metrics: [
    { key: 'convergenceP99Ms', label: 'convergence p99', unit: 'ms', better: 'less' },
    { key: 'convergenceP50Ms', label: 'convergence p50', unit: 'ms', better: 'less' },
    { key: 'changesPerSecond', label: 'throughput', unit: 'changes/s', better: 'more' },
    { key: 'cpuMicrosPerChange', label: 'CPU of all gateways per change', unit: 'µs', better: 'less' },
    { key: 'healingMs', label: 'healing', unit: 'ms', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Record<string, number>> {
  const servers = await startCluster(contender.id === 'cluster-nats' ? 'nats' : 'redis', size);
  const clients: ClusterClient[] = [];
  try {
    for (const [index, port] of servers.ports.entries()) {
      clients.push(await ClusterClient.connect(port, servers.token, index));
    }
    const delaysMs = await converge(clients, quick ? 2 : 15);
    const load = await saturate(clients, servers, quick ? 1 : 5);
    const healingMs = await heal(clients, servers);
    return {
      convergenceP50Ms: percentile(delaysMs, 50),
      convergenceP99Ms: percentile(delaysMs, 99),
      ...load,
      healingMs,
    };
  } finally {
    for (const client of clients) client.close();
    await servers.stop();
  }
}

/** Changes at a steady rate on the first gateway; how long each took to reach the last viewer. */
async function converge(clients: readonly ClusterClient[], seconds: number): Promise<number[]> {
  const [writer] = clients;
  const count = seconds * CHANGES_PER_SECOND;
  const sentAtMs: number[] = [];
  const reach = new Reach(clients, count);
  const startedAtMs = performance.now();
  for (let number = 0; number < count; number++) {
    const waitMs = startedAtMs + (number * 1_000) / CHANGES_PER_SECOND - performance.now();
    if (waitMs > 1) await pause(waitMs);
    sentAtMs.push(performance.now());
    void writer?.beacon(rowOf(number), number);
  }
  await reach.all();
  return sentAtMs.map((atMs, number) => reach.lastAtMs(number) - atMs);
}

function rowOf(number: number): string {
  return `row-${number % ROWS}`;
}

/** When each change was seen by each client. A later state of a row counts for the earlier ones. */
class Reach {
  readonly #seenAtMs: number[][];
  readonly #count: number;
  #missing: number;
  #done: (() => void) | undefined;

  constructor(clients: readonly ClusterClient[], count: number) {
    this.#count = count;
    this.#seenAtMs = clients.map(() => []);
    this.#missing = clients.length * count;
    for (const [index, client] of clients.entries()) {
      client.onRow = (_, number, atMs) => this.#see(index, number, atMs);
    }
  }

  async all(): Promise<void> {
    if (this.#missing > 0) {
      await new Promise<void>((resolve) => {
        this.#done = resolve;
      });
    }
  }

  /** When the last client saw a change. */
  lastAtMs(number: number): number {
    return Math.max(...this.#seenAtMs.map((seen) => seen[number] ?? Number.NaN));
  }

  #see(index: number, latest: number, atMs: number): void {
    const seen = this.#seenAtMs[index];
    if (seen === undefined || latest >= this.#count) return;
    for (let number = latest; number >= 0 && seen[number] === undefined; number -= ROWS) {
      seen[number] = atMs;
      this.#missing -= 1;
    }
    if (this.#missing === 0) this.#done?.();
  }
}

/** A writer at every gateway, each as fast as its answers come. */
async function saturate(
  clients: readonly ClusterClient[],
  { pids }: ClusterServers,
  seconds: number,
): Promise<Record<string, number>> {
  const cpuBefore = pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const startedAtMs = performance.now();
  let changes = 0;
  const write = async (client: ClusterClient, index: number): Promise<void> => {
    const rows = Math.floor(ROWS / clients.length);
    for (let number = 0; performance.now() - startedAtMs < seconds * 1_000; number++) {
      await client.beacon(`row-${index * rows + (number % rows)}`, number);
      changes += 1;
    }
  };
  await Promise.all(
    clients.flatMap((client, index) => Array.from({ length: OUTSTANDING }, () => write(client, index))),
  );
  await sameBytes(clients);
  const passedSeconds = (performance.now() - startedAtMs) / 1_000;
  const cpu = pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0) - cpuBefore;
  return { changesPerSecond: changes / passedSeconds, cpuMicrosPerChange: (cpu * 1e6) / changes };
}

/** The engine ends, all gateways change, the engine returns without data. */
async function heal(clients: readonly ClusterClient[], servers: ClusterServers): Promise<number> {
  await servers.killEngine();
  await pause(OUTAGE_MS);
  for (const [index, client] of clients.entries()) await client.beacon(`alone-${index}`, index);
  await servers.startEngine();
  const startedAtMs = performance.now();
  await sameBytes(clients, clients.length);
  return performance.now() - startedAtMs;
}

/** Waits until all gateways list the same bytes, with at least so many rows that came alone. */
async function sameBytes(clients: readonly ClusterClient[], alone = 0): Promise<void> {
  for (;;) {
    const lists = await Promise.all(clients.map((client) => client.rows()));
    const isSame = new Set(lists).size === 1;
    if (isSame && (lists[0]?.split('"key":"alone-').length ?? 0) > alone) return;
    await pause(LOOK_EVERY_MS);
  }
}
