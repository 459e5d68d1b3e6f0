import { expect, it } from 'vitest';
import { type HostMeasures, readHostStats, systemMeasures } from './host-stats.ts';

const measures = (other: Partial<HostMeasures> = {}): HostMeasures => ({
  platform: 'linux',
  cpuCount: () => 8,
  loadAverage: () => [0.123, 1, 2.999],
  memoryTotalBytes: () => 16e9,
  memoryFreeBytes: () => 4e9 + 0.4,
  disk: async () => ({ totalBytes: 1e12, availableBytes: 5e11 }),
  ...other,
});

it('[PR9] contains counts, load, memory and disk', async () => {
  expect(await readHostStats(measures())).toEqual({
    cpuCount: 8,
    loadAverage: [0.12, 1, 3],
    memoryTotalBytes: 16e9,
    memoryFreeBytes: 4e9,
    diskTotalBytes: 1e12,
    diskAvailableBytes: 5e11,
  });
});

it('[PF1] leaves out the load on Windows and a disk that cannot be read', async () => {
  const stats = await readHostStats(
    measures({ platform: 'win32', disk: () => Promise.reject(new Error('EPERM')) }),
  );
  expect(Object.keys(stats)).toEqual(['cpuCount', 'memoryTotalBytes', 'memoryFreeBytes']);
});

it('measures this machine in whole numbers', async () => {
  const { loadAverage, ...whole } = await readHostStats(systemMeasures());
  expect(Object.values(whole).every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
  expect(loadAverage).toHaveLength(3);
});
