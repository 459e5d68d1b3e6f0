import type { HostStats } from '../core/index.ts';

/** How much of something is used, from 0 to 1. */
export interface HostShare {
  readonly name: 'cpu' | 'memory' | 'disk';
  readonly share: number;
}

/** The shares that a machine's load tells: load of the last minute per processor, memory, disk. */
export function hostShares(stats: HostStats): readonly HostShare[] {
  const { cpuCount, loadAverage, memoryTotalBytes, memoryFreeBytes, diskTotalBytes, diskAvailableBytes } =
    stats;
  const shares: HostShare[] = [];
  if (loadAverage !== undefined && cpuCount > 0) {
    shares.push({ name: 'cpu', share: bounded(loadAverage[0] / cpuCount) });
  }
  if (memoryTotalBytes > 0)
    shares.push({ name: 'memory', share: bounded(1 - memoryFreeBytes / memoryTotalBytes) });
  if (diskTotalBytes !== undefined && diskAvailableBytes !== undefined && diskTotalBytes > 0) {
    shares.push({ name: 'disk', share: bounded(1 - diskAvailableBytes / diskTotalBytes) });
  }
  return shares;
}

function bounded(share: number): number {
  return Math.min(1, Math.max(0, share));
}
