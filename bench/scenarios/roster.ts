import { createRoster } from 'rollcall/core';
import type { Figures } from '../job.ts';
import { type BeaconFacts, beaconFacts } from '../load/facts.ts';
import type { Run, Scenario } from './scenario.ts';

const OPERATIONS = 200_000;
const OPERATIONS_QUICK = 5_000;
const WARM_UP_ROWS = 10_000;
const STRIDE = 7_919;
/** Facts that are made at a time: few enough to stay in the processor's cache, enough to time. */
const BATCH = 1_000;

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
    'into a full roster (each evicts the oldest); making the facts is not timed. The plain `Map` does the least that keeps rows in order of freshness.',
  sizeUnit: 'entries',
  sizes: [200, 10_000, 1_000_000],
  quickSizes: [200, 2_000],
  contenders: ['map', 'roster'],
  baseline: 'map',
  metrics: [
    { key: 'touchesPerSecond', label: 'touches', unit: 'per CPU s', better: 'more' },
    { key: 'upsertsPerSecond', label: 'upserts', unit: 'per CPU s', better: 'more' },
    { key: 'evictsPerSecond', label: 'evictions', unit: 'per CPU s', better: 'more' },
    { key: 'bytesPerEntry', label: 'memory per entry', unit: 'B', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Figures> {
  const newStore = () => (contender.id === 'map' ? mapStore(size) : rosterStore(size));
  const operations = quick ? OPERATIONS_QUICK : OPERATIONS;
  const rounds = Math.ceil(operations / size);
  const stores = Array.from({ length: rounds }, newStore);
  fill(newStore(), Math.min(size, WARM_UP_ROWS));
  const heapBefore = heapBytes();
  const upsertSeconds = stores.reduce((seconds, store) => seconds + fill(store, size), 0);
  const bytesPerEntry = (heapBytes() - heapBefore) / (rounds * size);
  const [store = newStore()] = stores.splice(0);
  const touchSeconds = touch(store, size, operations);
  const evictSeconds = evict(store, size, operations);
  if (store.size() !== size) throw new Error(`the store holds ${store.size()} rows where ${size} fit`);
  return {
    upsertsPerSecond: (rounds * size) / upsertSeconds,
    touchesPerSecond: operations / touchSeconds,
    evictsPerSecond: operations / evictSeconds,
    bytesPerEntry,
  };
}

function fill(store: Store, size: number): number {
  return putSeconds(store, size, (n) => ({ facts: beaconFacts(n, 1), atMs: n }));
}

/** In strides, so that neither the order of insertion nor the cache helps. */
function touch(store: Store, size: number, operations: number): number {
  return putSeconds(store, operations, (n) => ({
    facts: beaconFacts((n * STRIDE) % size, n),
    atMs: size + n,
  }));
}

function evict(store: Store, size: number, operations: number): number {
  return putSeconds(store, operations, (n) => ({
    facts: beaconFacts(size + n, 1),
    atMs: size + operations + n,
  }));
}

interface Put {
  readonly facts: BeaconFacts;
  readonly atMs: number;
}

/** CPU seconds of the store alone: the facts are made before the time is taken, a batch at a time. */
function putSeconds(store: Store, operations: number, make: (n: number) => Put): number {
  let seconds = 0;
  for (let from = 0; from < operations; from += BATCH) {
    const length = Math.min(BATCH, operations - from);
    const puts = Array.from({ length }, (_, offset) => make(from + offset));
    seconds += cpuSecondsOf(() => {
      for (const { facts, atMs } of puts) store.put(facts, atMs);
    });
  }
  return seconds;
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

/** One cursor for all evictions: everything before it was removed, so finding the oldest row costs nothing. */
function mapStore(maxEntries: number): Store {
  const rows = new Map<string, object>();
  const oldestFirst = rows.keys();
  return {
    put: (facts, atMs) => {
      const row = { ...rows.get(facts.instanceId), ...facts, ts: atMs };
      rows.delete(facts.instanceId);
      rows.set(facts.instanceId, row);
      if (rows.size > maxEntries) rows.delete(String(oldestFirst.next().value));
    },
    size: () => rows.size,
  };
}

/** CPU time of this process, its garbage collector included: what else runs on the machine does not count. */
function cpuSecondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
