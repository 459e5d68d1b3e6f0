import { isMainThread } from 'node:worker_threads';

/** What a gateway tells about its memory, bytes. */
export interface MemoryReading {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
}

const collect = globalThis.gc;

// Loaded into the gateway by `--import`: collects all garbage when it is asked, then says how much memory is in use.
if (isMainThread && process.send !== undefined && collect !== undefined) {
  const answer = (): void => {
    collect();
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ heapUsed, external, rss } satisfies MemoryReading);
  };
  process.on('message', answer);
  // The gateway must be able to end by itself.
  process.channel?.unref();
}
