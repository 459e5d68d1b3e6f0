import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from './report.ts';

const GIB = 2 ** 30;

/** Describes this machine as it is now, without its name. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGib: Math.round(totalmem() / GIB),
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    os: `${type()} ${release().replace(/-.*$/, '')} ${arch()}`,
  };
}
