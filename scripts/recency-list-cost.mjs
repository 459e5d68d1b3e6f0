// Measures what docs/decisions/0002-recency-list.md states: a Map used as a queue against a linked list.
// Build first (`npm run build`), then `node --expose-gc scripts/recency-list-cost.mjs`.
import { RecencyList } from '../dist/core/recency-list.js';

const sizes = [200, 10_000, 1_000_000];
const operations = 100_000;

/** Order of freshness kept by a Map: a key that is deleted and set again is the newest. */
function mapQueue(size) {
  const rows = new Map();
  for (let key = 0; key < size; key += 1) rows.set(key, { key });
  return {
    touch(key) {
      const row = rows.get(key);
      rows.delete(key);
      rows.set(key, row);
    },
    evict(key) {
      rows.set(key, { key });
      rows.delete(rows.keys().next().value);
    },
    oldest: () => rows.keys().next().value,
  };
}

/** Order of freshness kept by a linked list, beside a Map that finds its nodes. */
function linkedList(size) {
  const nodes = new Map();
  const order = new RecencyList();
  for (let key = 0; key < size; key += 1) nodes.set(key, order.add({ key }));
  return {
    touch: (key) => order.renew(nodes.get(key)),
    evict(key) {
      nodes.set(key, order.add({ key }));
      const { key: oldest } = order.oldest;
      order.remove(nodes.get(oldest));
      nodes.delete(oldest);
    },
    oldest: () => order.oldest.key,
  };
}

const workloads = {
  // A busy roster: some row is renewed, then the row that expires next is looked up.
  'touch + look at the oldest': (queue, size) => {
    for (let step = 0; step < operations; step += 1) {
      queue.touch((step * 7_919) % size);
      queue.oldest();
    }
  },
  'touch the oldest + look': (queue) => {
    for (let step = 0; step < operations; step += 1) {
      queue.touch(queue.oldest());
    }
  },
  'add + evict the oldest': (queue, size) => {
    for (let step = 0; step < operations; step += 1) queue.evict(size + step);
  },
};

for (const [workload, run] of Object.entries(workloads)) {
  for (const size of sizes) {
    const figures = [mapQueue, linkedList].map((make) => `${make.name} ${nanoseconds(make, run, size)} ns`);
    console.log(`${workload}, ${size} rows: ${figures.join(', ')}`);
  }
}

/** Median of three runs, CPU time of this process per operation. */
function nanoseconds(make, run, size) {
  const runs = Array.from({ length: 3 }, () => {
    const queue = make(size);
    globalThis.gc?.();
    const start = process.cpuUsage();
    run(queue, size);
    return (process.cpuUsage(start).user / operations) * 1_000;
  });
  return Math.round(runs.sort((a, b) => a - b)[1]);
}
