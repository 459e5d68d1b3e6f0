import { createRoster } from 'rollcall/core';
import { type BeaconFacts, beaconFacts } from '../load/facts.ts';
import type { Run, Scenario } from './scenario.ts';

const FEWEST_OPERATIONS = 300_000;
const FEWEST_OPERATIONS_QUICK = 5_000;
const STRIDE = 7_919;

/** The smallest interface that both contenders have. */
interface Store {
  put(facts: BeaconFacts, atMs: number): void;
  size(): number;
}

/** The data structure alone, without any wire. */
export const roster: Scenario = {
  name: 'roster',
  title: 'Roster operations',
  about:
    'In one process, no wire: upsert of new rows into an empty roster, touch of rows that are there, upsert of new rows ' +
    'into a full roster (each evicts the oldest). The plain `Map` does the least that keeps rows in order of freshness.',
  sizeUnit: 'entries',
  sizes: [200, 10_000, 1_000_000],
  quickSizes: [200, 2_000],
  contenders: ['map', 'roster'],
  baseline: 'map',
  metrics: [
    { key: 'touchesPerSecond', label: 'touches', unit: '/s', better: 'more' },
    { key: 'upsertsPerSecond', label: 'upserts', unit: '/s', better: 'more' },
    { key: 'evictsPerSecond', label: 'evictions', unit: '/s', better: 'more' },
    { key: 'bytesPerEntry', label: 'memory per entry', unit: 'B', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Record<string, number>> {
  const newStore = () => (contender.id === 'map' ? mapStore(size) : rosterStore(size));
  const fewest = quick ? FEWEST_OPERATIONS_QUICK : FEWEST_OPERATIONS;
  const rounds = Math.ceil(fewest / size);
  fill(newStore(), Math.min(size, 1_000));
  const upsertSeconds = timed(() => {
    for (let round = 0; round < rounds; round++) fill(newStore(), size);
  });
  const heapBefore = heapBytes();
  const store = newStore();
  fill(store, size);
  const bytesPerEntry = (heapBytes() - heapBefore) / size;
  const touchSeconds = timed(() => touch(store, size, fewest));
  const evictSeconds = timed(() => evict(store, size, fewest));
  if (store.size() !== size) throw new Error(`the store holds ${store.size()} rows where ${size} fit`);
  return {
    upsertsPerSecond: (rounds * size) / upsertSeconds,
    touchesPerSecond: fewest / touchSeconds,
    evictsPerSecond: fewest / evictSeconds,
    bytesPerEntry,
  };
}

function fill(store: Store, size: number): void {
  for (let index = 0; index < size; index++) store.put(beaconFacts(index, 1), index);
}

/** In strides, so that neither the order of insertion nor the cache helps. */
function touch(store: Store, size: number, operations: number): void {
  for (let n = 0; n < operations; n++) store.put(beaconFacts((n * STRIDE) % size, n), 2 * size + n);
}

function evict(store: Store, size: number, operations: number): void {
  for (let n = 0; n < operations; n++) store.put(beaconFacts(size + n, 1), 4 * size + FEWEST_OPERATIONS + n);
}

function rosterStore(maxEntries: number): Store {
  const rows = createRoster({ maxEntries, ttlMs: Number.MAX_SAFE_INTEGER });
  return {
    put: (facts, atMs) => {
      rows.beacon({ facts }, { monoMs: atMs, wallMs: atMs });
    },
    size: () => rows.size,
  };
}

function mapStore(maxEntries: number): Store {
  const rows = new Map<string, unknown>();
  return {
    put: (facts, atMs) => {
      const row = { ...(rows.get(facts.instanceId) as object | undefined), ...facts, ts: atMs };
      rows.delete(facts.instanceId);
      rows.set(facts.instanceId, row);
      if (rows.size > maxEntries) rows.delete(String(rows.keys().next().value));
    },
    size: () => rows.size,
  };
}

function timed(work: () => void): number {
  const startedAtMs = performance.now();
  work();
  return (performance.now() - startedAtMs) / 1_000;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
