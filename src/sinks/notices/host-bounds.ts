import type { NoticedRow } from './notice.ts';
import type { HostBounds } from './notice-rule.ts';

/** Which bounds the machine of a row exceeds, in words; `undefined` when none. */
export function exceeded(row: NoticedRow, above: HostBounds): string | undefined {
  const stats = row.hostStats;
  if (stats === undefined) return undefined;
  const { memoryTotalBytes, memoryFreeBytes, diskTotalBytes, diskAvailableBytes, cpuCount, loadAverage } =
    stats;
  const found: string[] = [];
  const used = (total: number, free: number): number => (total > 0 ? (100 * (total - free)) / total : 0);
  const memory = used(memoryTotalBytes, memoryFreeBytes);
  if (above.memory !== undefined && memory > above.memory)
    found.push(`memory ${Math.floor(memory)} % in use`);
  if (above.disk !== undefined && diskTotalBytes !== undefined && diskAvailableBytes !== undefined) {
    const disk = used(diskTotalBytes, diskAvailableBytes);
    if (disk > above.disk) found.push(`disk ${Math.floor(disk)} % in use`);
  }
  const load = loadAverage === undefined ? 0 : loadAverage[0] / Math.max(1, cpuCount);
  if (above.load !== undefined && load > above.load) found.push(`load ${load.toFixed(1)} per processor`);
  return found.length === 0 ? undefined : found.join(', ');
}
