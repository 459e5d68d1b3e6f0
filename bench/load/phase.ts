import { cpuSeconds } from '../runner/process-usage.ts';

/** Cost of a measured phase. */
export interface PhaseCost {
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  readonly generatorCpuSeconds: number;
}

/** Starts measuring; the returned function ends it. Time may be corrected to when the last thing happened. */
export function startPhase(serverPid: number): (endedAtMs?: number) => PhaseCost {
  const startedAtMs = performance.now();
  const serverBefore = cpuSeconds(serverPid);
  const generatorBefore = process.cpuUsage();
  return (endedAtMs = performance.now()) => {
    const { user, system } = process.cpuUsage(generatorBefore);
    return {
      seconds: (endedAtMs - startedAtMs) / 1_000,
      serverCpuSeconds: cpuSeconds(serverPid) - serverBefore,
      generatorCpuSeconds: (user + system) / 1_000_000,
    };
  };
}
