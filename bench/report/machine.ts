import { arch, cpus, release, totalmem, type } from 'node:os';
import type { Machine } from './report.ts';

const GIB = 2 ** 30;

/** Describes this machine, without its name. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGib: Math.round(totalmem() / GIB),
    node: process.version,
    os: `${type()} ${release().replace(/-.*$/, '')} ${arch()}`,
  };
}
