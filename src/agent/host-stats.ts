import { statfs } from 'node:fs/promises';
import * as os from 'node:os';
import type { HostStats } from '../core/entry.ts';
import { homeFolder, loadAverage as systemLoad } from '../host/index.ts';

/** Where the numbers come from; `systemMeasures` reads the machine. */
export interface HostMeasures {
  readonly platform: NodeJS.Platform;
  cpuCount(): number;
  /** Absent where the system does not report it. */
  loadAverage(): readonly number[] | undefined;
  memoryTotalBytes(): number;
  memoryFreeBytes(): number;
  /** Size of the file system that holds the user's files; rejects when it cannot be read. */
  disk(): Promise<{ readonly totalBytes: number; readonly availableBytes: number }>;
}

/** Measures this machine; the disk is the one that holds `folder` (the home folder). */
export function systemMeasures(folder: string = homeFolder() ?? '/'): HostMeasures {
  return {
    platform: process.platform,
    cpuCount: () => os.availableParallelism(),
    loadAverage: () => systemLoad(),
    memoryTotalBytes: () => os.totalmem(),
    memoryFreeBytes: () => os.freemem(),
    disk: async () => {
      const { blocks, bavail, bsize } = await statfs(folder);
      return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
    },
  };
}

/**
 * The load of the machine at this moment, for `node.host.stats`.
 *
 * Counts and bytes are whole numbers. `loadAverage` is left out on Windows, which has none, and it and the disk where they
 * cannot be read (PF1: unknown is absent).
 */
export async function readHostStats(measures: HostMeasures): Promise<HostStats> {
  const disk = await measures.disk().catch(() => undefined);
  return {
    cpuCount: measures.cpuCount(),
    ...loadAverage(measures),
    memoryTotalBytes: Math.round(measures.memoryTotalBytes()),
    memoryFreeBytes: Math.round(measures.memoryFreeBytes()),
    ...(disk && {
      diskTotalBytes: Math.round(disk.totalBytes),
      diskAvailableBytes: Math.round(disk.availableBytes),
    }),
  };
}

function loadAverage(measures: HostMeasures): Pick<HostStats, 'loadAverage'> {
  const loads = measures.platform === 'win32' ? undefined : measures.loadAverage();
  if (loads === undefined) return {};
  const [one = 0, five = 0, fifteen = 0] = loads.map((load) => Math.round(load * 100) / 100);
  return { loadAverage: [one, five, fifteen] };
}
